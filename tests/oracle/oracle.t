#!/bin/sh
# Random clocks against a second implementation; CASES of them (default 40000,
# a million with LONG), by a SEED that is told.
cd "$(dirname "$0")/../.." || exit 1
driver=${ORACLE_DRIVER:-${BUILD:-build/plain}/tests/oracle/driver}
if [ -z "${ORACLE_DRIVER}" ]; then
	make -s "$driver" >&2 || exit 1
fi
cases=40000
[ -z "$LONG" ] || cases=1000000
exec /usr/bin/python3 tests/oracle/run.py "$driver" "${CASES:-$cases}"
