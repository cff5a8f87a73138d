#!/bin/sh
# Build the program that hears what this Mac plays (macOS 14.2 or later, Apple's command line tools: xcode-select
# --install) and put it where Coach looks for it. Not yet run on macOS.
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
to=${1:-"$HOME/Library/Application Support/coach"}

mkdir -p "$to"
# macOS asks for the permission with the sentence in Info.plist; a program without one is refused without a word.
swiftc -O "$here/CoachTap.swift" -o "$to/coach-tap.part" \
  -Xlinker -sectcreate -Xlinker __TEXT -Xlinker __info_plist -Xlinker "$here/Info.plist"
codesign --force --sign - --identifier coach.tap "$to/coach-tap.part"
mv "$to/coach-tap.part" "$to/coach-tap"
echo "Built: $to/coach-tap"
