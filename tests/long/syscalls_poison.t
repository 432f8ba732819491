#!/bin/sh
# Every system call of one mail's way: poison (tests/crash/syscalls.t).
exec env POINTS=all SCENARIO=poison /usr/bin/python3 tests/crash/syscalls.t
