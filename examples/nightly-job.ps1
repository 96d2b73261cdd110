#Requires -Version 7.4

<#
.SYNOPSIS
    Makes pictures of all filters of a model, night by night: goes on where the last night ended.

.DESCRIPTION
    For a scheduler: asks nothing, writes what it did into a ledger (results.csv), and says by its exit code how it went: 0, all is done;
    2, time was up and there is more to do; 3, another job is at work in the same folder; 1, an error. Filters that nothing raises are in the
    ledger too, and not tried again. Pictures of another version of the model, by its SHA-256, count as not made.

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

    [int] $BatchSize = 8,

    # No more than so many pictures this time.
    [int] $First = [int]::MaxValue,

    [string] $Destination = 'out/nightly'
)

$ErrorActionPreference = 'Stop'
$end = [datetime]::UtcNow.AddHours($Hours)

Import-Module (Join-Path $PSScriptRoot .. CnnViz.psd1)

$Destination = (New-Item $Destination -ItemType Directory -Force).FullName

# The operating system holds this lock, and drops it with the process, however that ends: none is ever left behind.
try {
    $lock = [IO.File]::Open((Join-Path $Destination .lock), 'OpenOrCreate', 'ReadWrite', 'None')
}
catch [IO.IOException] {
    "Another job is at work in '$Destination'."
    exit 3
}

$ledger = Join-Path $Destination results.csv
$source = @{ Path = $Model }
if ($Preprocessing) {
    $source.Preprocessing = $Preprocessing
}

$network = Import-CnnModel @source -WarningAction SilentlyContinue

$done = [Collections.Generic.HashSet[string]]::new()
if (Test-Path -LiteralPath $ledger) {
    # A job that was killed may have left half a row, to which the next would be added. It goes, and its filter is made again.
    $bytes = [IO.File]::ReadAllBytes($ledger)
    $whole = [Array]::LastIndexOf($bytes, [byte]10) + 1
    if ($whole -lt $bytes.Length) {
        $file = [IO.File]::OpenWrite($ledger)
        $file.SetLength($whole)
        $file.Dispose()
    }

    foreach ($row in Import-Csv -LiteralPath $ledger) {
        if ($row.ModelSha256 -eq $network.Sha256) {
            $null = $done.Add("$($row.Layer):$($row.Filter)")
        }
    }
}

$open = @($network | Get-CnnLayer -Kind $Kind | Get-CnnFilter | Where-Object { -not $done.Contains("$_") })
"$($done.Count) done, $($open.Count) to do"

$made = 0
$stop = [Math]::Min($open.Count, $First)
while ($made -lt $stop -and [datetime]::UtcNow -lt $end) {
    # A batch is of one layer; what is in the ledger is on the disk.
    $batch = @($open[$made..([Math]::Min($made + $BatchSize, $stop) - 1)])
    $batch | Invoke-FilterMaximization -Steps $Steps -BatchSize $BatchSize -WarningAction SilentlyContinue | ForEach-Object {
        if ($_.HasSignal) {
            $_ | Export-FilterImage -Path (Join-Path $Destination '{Layer}' '{Filter:0000}.png') -Force -Confirm:$false
        }

        $_ | Select-Object Layer, Filter, ClassName, Activation, Status, Rescue, Seed, ModelSha256,
            @{ Name = 'Seconds'; Expression = { [Math]::Round($_.Elapsed.TotalSeconds, 3) } } |
            Export-Csv -LiteralPath $ledger -Append -Confirm:$false
        $_.Dispose()
    }

    $made += $batch.Count
}

"$made made, $($open.Count - $made) to do"
$network.Dispose()
$lock.Dispose()
exit ($made -lt $open.Count ? 2 : 0)
