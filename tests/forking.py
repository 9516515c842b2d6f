"""Commands in forked processes: as separate as any other, without the time to import."""

import io
import os
import sys
import tempfile
import traceback
from collections.abc import Mapping, Sequence
from typing import BinaryIO, NoReturn

from loomwork.cli.main import main

Argument = str | os.PathLike[str]


def forked(
    arguments: Sequence[Argument], variables: Mapping[str, str], stdin: bytes = b""
) -> tuple[int, bytes, bytes]:
    """Return the exit code of a command, and what it wrote to its two outputs."""
    with (
        tempfile.TemporaryFile() as given,
        tempfile.TemporaryFile() as out,
        tempfile.TemporaryFile() as err,
    ):
        given.write(stdin)
        given.seek(0)
        pid = start(arguments, variables, (given, out, err))
        code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        out.seek(0)
        err.seek(0)
        return code, out.read(), err.read()


def start(
    arguments: Sequence[Argument],
    variables: Mapping[str, str],
    streams: tuple[BinaryIO, BinaryIO, BinaryIO],
) -> int:
    """Start a command and return the id of its process."""
    pid = os.fork()
    if pid == 0:
        _become(arguments, variables, streams)
    return pid


def _become(
    arguments: Sequence[Argument],
    variables: Mapping[str, str],
    streams: tuple[BinaryIO, BinaryIO, BinaryIO],
) -> NoReturn:
    code = 70
    try:
        for number, stream in enumerate(streams):
            os.dup2(stream.fileno(), number)
        sys.stdin = io.TextIOWrapper(io.FileIO(0), encoding="utf-8")
        sys.stdout = io.TextIOWrapper(io.FileIO(1, "w"), encoding="utf-8", write_through=True)
        sys.stderr = io.TextIOWrapper(io.FileIO(2, "w"), encoding="utf-8", write_through=True)
        os.environ.clear()
        os.environ.update(variables)
        main.main([os.fspath(one) for one in arguments], prog_name="loomwork")
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:  # noqa: BLE001 -- whatever it is, this process is a copy and must end
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
