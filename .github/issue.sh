#!/usr/bin/env bash
# Keep one issue on GitHub that says what a scheduled job found, and no second one. It's opened when
# something is found, closed when nothing is, and opened again when something is.
# Usage: issue.sh LABEL TITLE FILE (the text of the issue; an empty file: nothing was found)
set -euo pipefail
label=$1 title=$2 file=$3
text=$(mktemp)
head -c 60000 "$file" >"$text" # GitHub takes 65,536 characters
if [ "$(wc -c <"$file")" -gt 60000 ]; then
  printf '\n\nThe rest is too long for an issue; the run has it all.\n' >>"$text"
fi
read -r number state < <(gh issue list --label "$label" --state all --limit 1 --json number,state \
  --jq '.[] | "\(.number) \(.state)"') || true
if [ ! -s "$file" ]; then
  [ "${state:-}" != OPEN ] || gh issue close "$number" --comment "The last run found nothing any more."
elif [ -z "${number:-}" ]; then
  gh issue create --title "$title" --label "$label" --body-file "$text"
else
  gh issue edit "$number" --body-file "$text"
  [ "$state" = OPEN ] || gh issue reopen "$number" --comment "Found again: the text above says what."
fi
