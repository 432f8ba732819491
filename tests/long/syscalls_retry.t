#!/bin/sh
# Every system call of one mail's way: retry (tests/crash/syscalls.t).
exec env POINTS=all SCENARIO=retry /usr/bin/python3 tests/crash/syscalls.t
