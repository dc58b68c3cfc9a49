#!/usr/bin/env bash
# Fails the check by the exit codes of gqlgen: VALIDATE_CODE and DIFF_CODE, as the step before left them. GQLGEN_FAIL_ON and
# GQLGEN_FAIL_ON_FINDINGS are only told.
set -euo pipefail

verdict=0
said() { echo "::error title=gqlgen::$*"; verdict=1; }

case ${VALIDATE_CODE:?} in
  0) ;;
  1) said "findings of level ${GQLGEN_FAIL_ON_FINDINGS:-error} or graver" ;;
  *) said "a config could not be validated" ;;
esac
case ${DIFF_CODE:?} in
  0) ;;
  1) said "the change has an impact of ${GQLGEN_FAIL_ON:-refused} or graver, or a config was refused" ;;
  *) said "the differences could not be worked out" ;;
esac
[ $verdict -ne 0 ] || echo "gqlgen: nothing that fails the check"
exit $verdict
