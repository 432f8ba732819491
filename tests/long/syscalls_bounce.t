#!/bin/sh
# Every system call of one mail's way: bounce (tests/crash/syscalls.t).
exec env POINTS=all SCENARIO=bounce /usr/bin/python3 tests/crash/syscalls.t
