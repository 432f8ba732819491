#!/bin/sh
# Every system call of bounces, alerts, an answer sent again, and a mail that
# kills its reader.
exec env POINTS=all SCENARIO=bounce,alert,recovery,retry,poison \
    /usr/bin/python3 tests/crash/syscalls.t
