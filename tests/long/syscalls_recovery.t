#!/bin/sh
# Every system call of one mail's way: recovery (tests/crash/syscalls.t).
exec env POINTS=all SCENARIO=recovery /usr/bin/python3 tests/crash/syscalls.t
