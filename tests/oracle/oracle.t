#!/bin/sh
# Random clocks against a second implementation; CASES of them (default 100000).
cd "$(dirname "$0")/../.." || exit 1
driver=${ORACLE_DRIVER:-${BUILD:-build/plain}/tests/oracle/driver}
if [ -z "${ORACLE_DRIVER}" ]; then
	make -s "$driver" >&2 || exit 1
fi
exec /usr/bin/python3 tests/oracle/run.py "$driver" "${CASES:-100000}"
