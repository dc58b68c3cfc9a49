#!/usr/bin/env bash
# The linters of workflows and of the action find nothing, and what they do not look for holds too.
# shellcheck source=tests/delivery/lib.sh
. "$(dirname "$0")/lib.sh"
need actionlint zizmor shellcheck
cd "$root"

if actionlint; then ok "actionlint"; else bad "actionlint"; fi
# Offline: with a network it would ask the forge about the pinned commits, which needs a token.
if zizmor --offline --pedantic --quiet .; then ok "zizmor"; else bad "zizmor"; fi
if shellcheck -x .github/scripts/*.sh tests/delivery/*.sh; then ok "shellcheck"; else bad "shellcheck"; fi

grep -hoE '^ *-? *uses: .*' .github/workflows/*.yml action.yml | sed 's/.*uses: //' > "$work/uses" || true
equal "other actions are pinned by commit" "$(grep -vcE '^(\./|[a-z-]+/[a-z-]+@[0-9a-f]{40} # v[0-9.]+$)' "$work/uses" || true)" 0
cat .github/workflows/*.yml action.yml > "$work/all"
has_not "no workflow runs with a pull request's rights reversed" "$work/all" "pull_request_target:"
equal "every checkout leaves no credentials behind" "$(grep -c 'persist-credentials: false' "$work/all")" "$(grep -c 'actions/checkout@' "$work/all")"
done_
