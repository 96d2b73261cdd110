#Requires -Version 7.4

<#
.SYNOPSIS
    Makes pictures of all filters of a model, night by night: goes on where the last night ended.

.DESCRIPTION
    For a scheduler: asks nothing, and says by its exit code how it went: 0, all is done; 2, time was up and there is more to do; 3, another
    job is at work in the same folder; 1, an error, or a picture failed, which the next night tries again. The first night writes a plan, which the
    folder keeps. Ledgers in the folder say when each picture was made, and results.csv has a row for each. Filters that nothing raises are in it, too, and
    not tried again. Another version of the model is an error: give it a folder of its own.

    Lines for schedulers:

    Task Scheduler, in a PowerShell on Windows:
        $action = New-ScheduledTaskAction pwsh '-NonInteractive -File C:\CnnViz\examples\nightly-job.ps1 -Model C:\models\net.onnx -Hours 6 -Destination D:\net'
        Register-ScheduledTask CnnViz -Action $action -Trigger (New-ScheduledTaskTrigger -Daily -At 22:00)

    cron, in `crontab -e`; cron looks for pwsh in the folders of PATH:
        PATH=/usr/local/bin:/usr/bin:/bin
        0 22 * * * pwsh -NonInteractive -File /opt/cnnviz/examples/nightly-job.ps1 -Model /data/net.onnx -Hours 6 -Destination /data/net >> /var/log/cnnviz.log 2>&1

    systemd and GitHub Actions: the files in examples/schedulers.

.EXAMPLE
    pwsh -NonInteractive -File examples/nightly-job.ps1 -Model googlenet.onnx -Preprocessing Caffe -Hours 6 -Destination /data/googlenet
#>
[CmdletBinding()]
[OutputType([string])]
param(
    [string] $Model = 'patterns',

    [string] $Preprocessing,

    [string[]] $Kind = 'Conv2d',

    [double] $Hours = 8,

    [int] $Steps = 128,

    [string] $Destination = 'out/nightly'
)

$ErrorActionPreference = 'Stop'
$clock = [Diagnostics.Stopwatch]::StartNew()

Import-Module (Join-Path $PSScriptRoot .. CnnViz.psd1)

$Destination = (New-Item $Destination -ItemType Directory -Force).FullName

# The operating system holds this lock, and drops it with the process, however that ends: none is ever left behind. It saves work on one machine;
# shares on several machines need none.
try {
    $lock = [IO.File]::Open((Join-Path $Destination .lock), 'OpenOrCreate', 'ReadWrite', 'None')
}
catch [IO.IOException] {
    "Another job is at work in '$Destination'."
    exit 3
}

$source = @{ Path = $Model }
if ($Preprocessing) {
    $source.Preprocessing = $Preprocessing
}

$network = Import-CnnModel @source -WarningAction SilentlyContinue
$plan = Join-Path $Destination plan.json
if (-not (Test-Path -LiteralPath $plan)) {
    $null = $network | Get-CnnLayer -Kind $Kind | New-FilterPlan -Path $plan -Steps $Steps -Confirm:$false
}

$before = Get-FilterPlan -LiteralPath $Destination
"$($before.Done) done, $($before.Pictures - $before.Done) to do"

# What fails is in the ledger; the night goes on.
$left = [Math]::Max(0.0, $Hours - $clock.Elapsed.TotalHours)
$made = 0
Invoke-FilterPlan -Plan $plan -Path $Destination -Model $network -TimeLimit ([timespan]::FromHours($left)) -ErrorAction Continue -Confirm:$false |
    ForEach-Object { $made++ }
$network.Dispose()

Get-FilterPlan -LiteralPath $Destination -Result | Export-Csv -LiteralPath (Join-Path $Destination results.csv) -Confirm:$false
$after = Get-FilterPlan -LiteralPath $Destination
$lock.Dispose()
"$made made, $($after.Missing) to do, $($after.Failed) failed, $($after.HoursLeft) hours left"
exit ($after.IsComplete ? 0 : $after.Failed -gt 0 ? 1 : 2)
