<#
.SYNOPSIS
    Runs suites as it is asked to, one after the other in one session.

.DESCRIPTION
    What `dotnet test` starts (PesterSession). Each line of the pipe is the path of a suite. The log of a suite goes to the output; its last
    line says how many tests passed, failed and were skipped. What fails outside of tests counts as failed too. It ends with the pipe.
#>
[CmdletBinding()]
param(
    # Path of Pester's manifest.
    [Parameter(Mandatory)]
    [string] $Pester,

    [Parameter(Mandatory)]
    [string] $PipeName
)

Import-Module $Pester
$PSStyle.OutputRendering = 'PlainText'
$here = Get-Location

$pipe = [IO.Pipes.NamedPipeClientStream]::new($PipeName)
$pipe.Connect()
$reader = [IO.StreamReader]::new($pipe)
while ($suite = $reader.ReadLine()) {
    $run = Invoke-Pester -Path $suite -Output Detailed -PassThru
    $failed = $run.FailedCount + $run.FailedBlocksCount + $run.FailedContainersCount

    # A suite may have changed the folder.
    Set-Location $here
    Write-Host "Suite: $($run.PassedCount) passed, $failed failed, $($run.SkippedCount) skipped"
}
