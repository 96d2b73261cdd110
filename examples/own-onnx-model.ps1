<#
.SYNOPSIS
    Shows the filters of one layer of a model of your own.

.EXAMPLE
    ./examples/own-onnx-model.ps1 -Path googlenet.onnx -Layer inception_4c/3x3 -Filter 0, 1, 2, 3 -Preprocessing Caffe
#>
param(
    [Parameter(Mandatory)]
    [string] $Path,

    # The last convolution, if left out.
    [string] $Layer,

    [int[]] $Filter = @(0, 1, 2, 3),

    [string] $Preprocessing,

    [string] $Destination = 'out'
)

# The module is there already when the script runs in CnnViz.Shell.
if (-not (Get-Module CnnViz)) {
    Import-Module "$PSScriptRoot/../CnnViz.psd1"
}

$options = if ($Preprocessing) { @{ Preprocessing = $Preprocessing } } else { @{} }
$model = Import-CnnModel -LiteralPath $Path @options
$model

$chosen = if ($Layer) { $model | Get-CnnLayer -Name $Layer } else { ($model | Get-CnnLayer -Kind Conv2d)[-1] }
"Layer $chosen ($($chosen.Kind)) has $($chosen.Filters) filters and sees $($chosen.ReceptiveField)."

$chosen |
    Invoke-FilterMaximization -Filter $Filter |
    Export-FilterImage -Path $Destination -Force -PassThru |
    ForEach-Object { "Wrote $($_.FullName)" }

$model.Dispose()
