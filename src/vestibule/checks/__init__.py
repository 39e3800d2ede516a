"""Checks: each looks at a received file from one side and gives a verdict. One check, one file."""
