# ruff: noqa: D100, F821 -- a rule for the sandbox, where `record` is given
record.chance = 50
