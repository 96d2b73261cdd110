#Requires -Version 7.4

<#
.SYNOPSIS
    Shows the filters of one layer of a model of your own.

.EXAMPLE
    ./examples/own-onnx-model.ps1

    The last convolution of the built-in model, to see what it comes to.

.EXAMPLE
    ./examples/own-onnx-model.ps1 -Path googlenet.onnx -Layer inception_4c/3x3 -Filter 0, 1, 2, 3 -Preprocessing Caffe

.EXAMPLE
    ./examples/own-onnx-model.ps1 -Path mine.onnx | Select-Object FullName, Length
#>
[CmdletBinding()]
[OutputType([IO.FileInfo])]
param(
    # The built-in model, if left out.
    [string] $Path = 'patterns',

    # The last convolution, if left out.
    [string] $Layer,

    [int[]] $Filter = @(0, 1, 2, 3),

    [string] $Preprocessing,

    [string] $Destination = 'out'
)

Import-Module (Join-Path $PSScriptRoot .. CnnViz.psd1)

$source = @{ Path = [WildcardPattern]::Escape($Path) }
if ($Preprocessing) {
    $source.Preprocessing = $Preprocessing
}

$model = Import-CnnModel @source
$model | Out-Host

$chosen = $Layer ? ($model | Get-CnnLayer $Layer) : ($model | Get-CnnLayer -Kind Conv2d | Select-Object -Last 1)
foreach ($one in $chosen) {
    Write-Host "Layer $one ($($one.Kind)) has $($one.Filters) filters and sees $($one.ReceptiveField)."
}

$chosen | Invoke-FilterMaximization -Filter $Filter | Export-FilterImage -Path $Destination -Force -PassThru
$model.Dispose()
