"""What commands print: sentences for people, JSON for programs, and how errors end a command."""

import errno
import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache, wraps
from typing import Any, ParamSpec, TypeVar

import click
from sqlalchemy.exc import DatabaseError, OperationalError

from loomwork.errors import N_, InvalidError, LoomworkError, Problem, UnavailableError
from loomwork.model.types.text import UNSTORABLE
from loomwork.store.engine import translated
from loomwork.web.catalogue import Catalogue

FOUND_PROBLEMS = 1
NOT_THERE = 3

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")


@cache
def _catalogue(locale: str) -> Catalogue:
    return Catalogue.of_packages(("loomwork.web",), locale)


def locale() -> str:
    """Return the language of the terminal."""
    names = ("LC_ALL", "LC_MESSAGES", "LANG")
    language = next((os.environ[name] for name in names if os.environ.get(name)), "")
    return "zh_CN" if language.lower().startswith("zh") else "en"


def translate(text: str) -> str:
    """Return ``text`` in the language of the terminal."""
    return _catalogue(locale()).one(text)


def say(text: str, **context: object) -> None:
    """Tell people something on standard error, where progress and logs go."""
    click.echo(translate(text).format_map(context), err=True)


def answer(data: Mapping[str, Any], lines: str | list[str], *, as_json: bool) -> None:
    """Print the outcome of a command on standard output."""
    if as_json:
        click.echo(json.dumps(data, ensure_ascii=False, default=str))
    else:
        click.echo(lines if isinstance(lines, str) else "\n".join(lines))


def with_json(command: Callable[Parameters, Result]) -> Callable[Parameters, Result]:
    """Give a command ``--json``, and end it by exit code instead of by traceback."""

    @click.option("--json", "as_json", is_flag=True, help="Print the outcome as JSON.")
    @wraps(command)
    def wrapped(*arguments: Parameters.args, **options: Parameters.kwargs) -> Result:
        try:
            with _foreign_errors_translated():
                return command(*arguments, **options)
        except LoomworkError as error:
            report(error, as_json=bool(options.get("as_json")))
            sys.exit(NOT_THERE if isinstance(error, UnavailableError) else FOUND_PROBLEMS)

    return wrapped


@contextmanager
def _foreign_errors_translated() -> Iterator[None]:
    """Turn what the machine refuses, from a full disk to a locked database, into our own errors."""
    try:
        with translated():
            yield
    except OperationalError as error:
        raise UnavailableError(N_("The database is busy. Try again in a moment.")) from error
    except DatabaseError as error:
        if type(error) is not DatabaseError:
            raise
        # SQLite's word for a file that is none of its own.
        raise UnavailableError(
            N_("The database cannot be used: {reason}."), reason=str(error.orig)
        ) from error
    except UnicodeEncodeError as error:
        raise InvalidError(UNSTORABLE) from error
    except OSError as error:
        if error.errno == errno.EPIPE:
            raise
        raise UnavailableError(
            N_("The file {file} cannot be used: {reason}."),
            file=str(error.filename or "?"),
            reason=error.strerror or str(error),
        ) from error


def report(error: LoomworkError, *, as_json: bool) -> None:
    """Print an error with all its problems."""
    if as_json:
        data = {
            "error": error.code,
            "message": error.message(translate, locale()),
            "problems": [problem_entry(problem) for problem in error.problems],
        }
        click.echo(json.dumps(data, ensure_ascii=False, default=str))
        return
    click.echo(error.message(translate, locale()), err=True)
    for problem in error.problems:
        click.echo(f"  {problem_line(problem)}", err=True)


def problem_line(problem: Problem) -> str:
    """Return one problem with its place, for people."""
    place = ":".join(part for part in (problem.file, problem.pointer) if part)
    column = f" ({problem.column})" if problem.column else ""
    text = problem.message(translate, locale())
    return f"{place}{column}: {text}" if place else text


def problem_entry(problem: Problem) -> dict[str, Any]:
    """Return one problem with its place, for programs."""
    entry = {
        "file": problem.file,
        "pointer": problem.pointer,
        "column": problem.column,
        "code": problem.code,
        "message": problem.message(translate, locale()),
    }
    return {key: value for key, value in entry.items() if value not in (None, "")}
