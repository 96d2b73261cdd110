#Requires -Version 7.4

<#
.SYNOPSIS
    Raises what no single filter stands for: the difference of two, a direction between them, and what a script block computes.

.EXAMPLE
    ./examples/custom-objective.ps1

.EXAMPLE
    ./examples/custom-objective.ps1 -Model googlenet.onnx -Preprocessing Caffe -Layer inception_4c/3x3 -Filter 60, 63
#>
[CmdletBinding()]
[OutputType([IO.FileInfo])]
param(
    [string] $Model = 'patterns',

    [string] $Preprocessing,

    [string] $Layer = 'conv6',

    [ValidateCount(2, 2)]
    [int[]] $Filter = @(0, 1),

    [int] $Steps = 128,

    [string] $Destination = 'out/custom-objective'
)

Import-Module (Join-Path $PSScriptRoot .. CnnViz.psd1)

$source = @{ Path = $Model }
if ($Preprocessing) {
    $source.Preprocessing = $Preprocessing
}

$network = Import-CnnModel @source
$chosen = $network | Get-CnnLayer $Layer
$first, $second = $chosen | New-CnnObjective -Filter $Filter

$objectives = [ordered]@{
    # One filter, and not what the other looks for too.
    difference = $first + $second * -0.5

    # Both at once: what do they have in common?
    sum        = $first + $second

    # Anything that has a gradient: here the weaker of the two, so that neither is left behind.
    weaker     = $chosen | New-CnnObjective -ScriptBlock {
        $_.select(1, $Filter[0]).mean().minimum($_.select(1, $Filter[1]).mean())
    }
}

foreach ($name in $objectives.Keys) {
    $objectives[$name] | Invoke-FilterMaximization -Steps $Steps |
        Export-FilterImage -Path (Join-Path $Destination "$name.png") -Force -PassThru
}

$network.Dispose()
