#!/bin/sh
# Submits a plan as an array of jobs, and a job that depends on it: the table, the atlas and the sheets of what is there in the end.
#
#   pwsh -Command "Import-Module ./CnnViz.psd1; Import-CnnModel net.onnx | Get-CnnLayer -Kind Conv2d | New-FilterPlan plan.json"
#   examples/slurm/submit.sh plan.json /shared/net 100 [options of sbatch, such as --partition=long]
#
# To go on after a failure, or with another number of shares, submit again: what is done is not done again.
set -eu
if [ $# -lt 3 ]; then
    echo "usage: $0 PLAN FOLDER SHARES [options of sbatch]" >&2
    exit 64
fi

here=$(cd "$(dirname "$0")" && pwd)
CNNVIZ_MODULE=${CNNVIZ_MODULE:-$here/../../CnnViz.psd1}
CNNVIZ_PLAN=$(realpath "$1")
CNNVIZ_FOLDER=$(realpath -m "$2")
export CNNVIZ_MODULE CNNVIZ_PLAN CNNVIZ_FOLDER
last=$(($3 - 1))
shift 3
mkdir -p "$CNNVIZ_FOLDER/logs"

array=$(sbatch --parsable --array="0-$last" --output="$CNNVIZ_FOLDER/logs/%A_%a.log" "$@" "$here/share.sbatch")
merge=$(sbatch --parsable --dependency="afterany:$array" --output="$CNNVIZ_FOLDER/logs/merge_%j.log" "$@" "$here/merge.sbatch")
echo "$array $merge"
