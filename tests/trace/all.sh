#!/bin/sh
# all.sh [REGEX]: traces every area of areas.txt whose name matches, one after the other
here=$(cd "$(dirname "$0")" && pwd)
grep -E "^($1)" "$here/areas.txt" | while read -r area files; do
  echo "## $area"; TRACE_REASONS=${TRACE_REASONS:-8} "$here/trace.sh" "$area" $files 2>&1 </dev/null | grep -v '^SKIP\|^SQLAlchemy\|^Path\|^compiled\|^collected\|^test/\|^\.\|^$\|^=====.*\(installation\|session starts\)' | tail -${TAIL:-12}
done
