#!/bin/sh
# Every system call of one mail's way: reopen (tests/crash/syscalls.t).
exec env POINTS=all SCENARIO=reopen /usr/bin/python3 tests/crash/syscalls.t
