#!/bin/sh
# trace.sh AREA FILE... : runs these tests of SQLAlchemy and writes /tmp/trace/beh/AREA.json
here=$(cd "$(dirname "$0")" && pwd)
area=$1; shift
cd "${SQLALCHEMY:-/tmp/sa/sqlalchemy-2.0.52}" || exit 1
TRACE_OUT=${OUT:-/tmp/trace/beh}/$area.json TRACE_AREA=$area PYTHONPATH=$here:/tmp/sa/x/usr/lib/python3/dist-packages PYTHONHASHSEED=0 PYTHONDONTWRITEBYTECODE=1 \
  timeout "${LIMIT:-900}" /usr/bin/python3 -W ignore -m pytest -p plugin -p no:cacheprovider -q --no-header -rN --tb=${TB:-no} "$@"
