#!/bin/sh
# Random clocks against a second implementation; N cases (default 100000).
cd "$(dirname "$0")/../.." || exit 1
driver=${ORACLE_DRIVER:-build/plain/tests/oracle/driver}
if [ -z "${ORACLE_DRIVER}" ]; then
	make -s "$driver" >&2 || exit 1
fi
exec /usr/bin/python3 tests/oracle/run.py "$driver" "${N:-100000}"
