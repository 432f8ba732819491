#!/bin/sh
# Every system call of what clients and technicians write.
exec env POINTS=all SCENARIO=new,follow-up,answer,resolve,reopen \
    /usr/bin/python3 tests/crash/syscalls.t
