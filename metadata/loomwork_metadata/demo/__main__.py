"""``python -m loomwork_metadata.demo customers.csv`` writes a file to try the import with."""

import argparse
from pathlib import Path

from loomwork_metadata.demo.customers import write_customers


def main(arguments: list[str] | None = None) -> None:
    """Write the file that the arguments describe."""
    parser = argparse.ArgumentParser(prog="python -m loomwork_metadata.demo", description=__doc__)
    parser.add_argument("file", type=Path, help="the CSV file to write")
    parser.add_argument("--rows", type=int, default=10_000, help="how many customers (%(default)s)")
    parser.add_argument(
        "--language", choices=("zh_CN", "en"), default="zh_CN", help="of the header"
    )
    parser.add_argument("--encoding", default="gb18030", help="of the file (%(default)s)")
    parser.add_argument("--bad-rows", type=int, default=5, help="how many do not fit (%(default)s)")
    chosen = parser.parse_args(arguments)
    bad = write_customers(
        chosen.file,
        rows=chosen.rows,
        encoding=chosen.encoding,
        language=chosen.language,
        bad_rows=chosen.bad_rows,
    )
    print(f"{chosen.file}: {chosen.rows} rows, {len(bad)} of them bad")  # noqa: T201


if __name__ == "__main__":
    main()
