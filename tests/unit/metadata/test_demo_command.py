"""The command that writes a file to try the import with."""

from pathlib import Path

import pytest

from loomwork_metadata.demo.__main__ import main


def test_the_file_has_the_rows_and_the_header_that_were_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "customers.csv"
    main([str(file), "--rows", "30", "--language", "en", "--encoding", "utf-8", "--bad-rows", "2"])
    assert file.read_text(encoding="utf-8").startswith("Customer number,Name,")
    assert capsys.readouterr().out == f"{file}: 30 rows, 2 of them bad\n"
