# Pipelines that are watched from beside them: all their streams, progress too, and how soon they stop.

<#
.SYNOPSIS
    Starts a script in a runspace of its own that has the module, as a job. $using: takes variables along; models and pictures, too.
#>
function Start-Pipeline([scriptblock]$Script) {
    $manifest = Resolve-Path $PSScriptRoot/../../CnnViz.psd1
    $import = [scriptblock]::Create("Import-Module '$manifest'")
    Start-ThreadJob $Script -InitializationScript $import
}

<#
.SYNOPSIS
    Runs a script like this to its end, and gives what it left: Output, Error, Warning, Verbose and Progress.
#>
function Watch-Pipeline([scriptblock]$Script) {
    $job = Start-Pipeline $Script
    $null = Wait-Job $job
    [pscustomobject]@{
        Output   = @($job.Output)
        Error    = @($job.Error)
        Warning  = @($job.Warning | ForEach-Object Message)
        Verbose  = @($job.Verbose | ForEach-Object Message)
        Progress = @($job.Progress)
    }
    Remove-Job $job
}

<#
.SYNOPSIS
    Stops a script that would take long, once it reports progress or after two seconds, and gives the seconds until it had stopped.
#>
function Measure-Stop([scriptblock]$Script) {
    $job = Start-Pipeline $Script
    $patience = [Diagnostics.Stopwatch]::StartNew()
    while ($job.Progress.Count -eq 0 -and $patience.Elapsed.TotalSeconds -lt 2) {
        Start-Sleep -Milliseconds 20
    }

    $job.State | Should -Be Running -Because "it is to be stopped in the middle; its errors: $($job.Error)"
    $watch = [Diagnostics.Stopwatch]::StartNew()
    Stop-Job $job
    $seconds = $watch.Elapsed.TotalSeconds
    $job.State | Should -Be Stopped
    Remove-Job $job
    $seconds
}

<#
.SYNOPSIS
    The records of progress that are still on the screen when the pipeline has ended.
#>
function Get-OpenProgress([Management.Automation.ProgressRecord[]]$Progress) {
    $Progress | Group-Object ActivityId, Activity | ForEach-Object { $_.Group[-1] } | Where-Object RecordType -NE Completed
}
