#!/bin/sh
# Every system call of one mail's way: alert (tests/crash/syscalls.t).
exec env POINTS=all SCENARIO=alert /usr/bin/python3 tests/crash/syscalls.t
