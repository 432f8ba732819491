#!/bin/sh
# Every system call of one mail's way: new (tests/crash/syscalls.t).
exec env POINTS=all SCENARIO=new /usr/bin/python3 tests/crash/syscalls.t
