#!/bin/sh
# Every system call of one mail's way: follow-up (tests/crash/syscalls.t).
exec env POINTS=all SCENARIO=follow-up /usr/bin/python3 tests/crash/syscalls.t
