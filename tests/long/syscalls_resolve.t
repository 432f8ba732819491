#!/bin/sh
# Every system call of one mail's way: resolve (tests/crash/syscalls.t).
exec env POINTS=all SCENARIO=resolve /usr/bin/python3 tests/crash/syscalls.t
