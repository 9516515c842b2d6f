/**
 * The small and capital letters of the language: one character becomes one character. The same
 * table as `loomwork.expressions.semantics.letters`, in the same notation, which that module
 * explains; a test holds the two equal. The browser's own functions follow its Unicode version.
 */

const PAIRS = `
+1/2: 100-12e 132-136 139-147 14a-176 179-17d 182-184 187 18b 191 198 1a0-1a4 1a7 1ac 1af
+1/2: 1b3-1b5 1b8 1bc 1cd-1db 1de-1ee 1f4 1f8-21e 222-232 23b 241 246-24e 370-372 376 3d8-3ee
+1/2: 3f7 3fa 460-480 48a-4be 4c1-4cd 4d0-524 1e00-1e94 1ea0-1efe 2183 2c60 2c67-2c6b 2c72 2c75
+1/2: 2c80-2ce2 2ceb-2ced a640-a65e a662-a66c a680-a696 a722-a72e a732-a76e a779-a77b a77e-a786
+1/2: a78b
-8: 1f08-1f0f 1f18-1f1d 1f28-1f2f 1f38-1f3f 1f48-1f4d 1f68-1f6f 1f88-1f8f 1f98-1f9f 1fa8-1faf
-8: 1fb8-1fb9 1fd8-1fd9 1fe8-1fe9
+32: 41-5a c0-d6 d8-de 391-3a1 3a3-3ab 410-42f ff21-ff3a
+2: 1c4 1c7 1ca 1f1
-9: 1fbc 1fcc 1ffc
+218: 1a6 1a9 1ae
-130: 220 3fd-3ff
-7: 3f9 1fec
+48: 531-556 2c00-2c2e
+205: 189-18a 193
+211: 196 19c
-35332: a77d
-10815: 2c7e-2c7f
-10783: 2c6f
-10782: 2c70
-10780: 2c6d
-10749: 2c6e
-10743: 2c62
-10727: 2c64
-3814: 2c63
-195: 243
-163: 23d
-128: 1ff8-1ff9
-126: 1ffa-1ffb
-121: 178
-112: 1fea-1feb
-100: 1fda-1fdb
-97: 1f6
-86: 1fc8-1fcb
-74: 1fba-1fbb
-56: 1f7
-8/2: 1f59-1f5f
+8: 3cf
+15: 4c0
+16: 2160-216f
+26: 24b6-24cf
+28: 2132
+37: 388-38a
+38: 386
+40: 10400-10427
+63: 38e-38f
+64: 38c
+69: 244
+71: 245
+79: 18e
+80: 400-40f
+202: 18f
+203: 190
+206: 186
+207: 194
+209: 197
+210: 181
+213: 19d
+214: 19f
+217: 1b1-1b2
+219: 1b7
+7264: 10a0-10c5
+10792: 23e
+10795: 23a
`;
const ONLY_LOWER = `
130>69 1c5>1c6 1c8>1c9 1cb>1cc 1f2>1f3 3f4>3b8 1e9e>df 2126>3c9 212a>6b 212b>e5
`;
const ONLY_UPPER = `
b5>39c 131>49 17f>53 1c5>1c4 1c8>1c7 1cb>1ca 1f2>1f1 345>399 3c2>3a3 3d0>392 3d1>398 3d5>3a6
3d6>3a0 3f0>39a 3f1>3a1 3f5>395 1e9b>1e60 1fbe>399
`;

/** @param {string} written a code point in hexadecimal */
const character = (written) => String.fromCodePoint(Number.parseInt(written, 16));

/** @returns {Generator<[string, string]>} capital and small letter */
function* pairs() {
  for (const line of PAIRS.trim().split("\n")) {
    const [rule, capitals] = line.split(": ");
    const [distance, step = "1"] = rule.split("/");
    for (const run of capitals.split(" ")) {
      const [first, last] = run.split("-").map((written) => Number.parseInt(written, 16));
      for (let capital = first; capital <= (last ?? first); capital += Number(step)) {
        yield [String.fromCodePoint(capital), String.fromCodePoint(capital + Number(distance))];
      }
    }
  }
}

/** @param {string} written */
const singles = (written) => written.trim().split(/\s+/).map((single) => single.split(">").map(character));

/** @type {ReadonlyMap<string, string>} */
export const LOWER = new Map([...pairs(), ...singles(ONLY_LOWER)]);
/** @type {ReadonlyMap<string, string>} */
export const UPPER = new Map([...[...pairs()].map(([capital, small]) => [small, capital]), ...singles(ONLY_UPPER)]);
