#!/usr/bin/env bash
# What the GitHub Action runs. PATHS and COMMUNITIES hold one item a line; FORMAT and OUTPUT may be empty.
set -euo pipefail

arguments=(check "--format=${FORMAT:-github}")
while IFS= read -r community; do
  if [[ -n $community ]]; then arguments+=("--community=$community"); fi
done <<<"${COMMUNITIES:-}"

arguments+=(--)
while IFS= read -r path; do
  if [[ -n $path ]]; then arguments+=("$path"); fi
done <<<"${PATHS:-.}"

if [[ -n ${OUTPUT:-} ]]; then
  strongroom "${arguments[@]}" >"$OUTPUT"
else
  strongroom "${arguments[@]}"
fi
