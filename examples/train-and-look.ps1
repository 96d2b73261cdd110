#Requires -Version 7.4

<#
.SYNOPSIS
    Trains a small network in the session to tell directions of stripes apart, and shows what its filters look for.

.EXAMPLE
    ./examples/train-and-look.ps1 -Destination out
#>
[CmdletBinding()]
[OutputType([IO.FileInfo])]
param(
    [int] $Steps = 60,

    [string] $Destination = 'out'
)

Import-Module (Join-Path $PSScriptRoot .. CnnViz.psd1)

Import-TorchSharp
$torch = [TorchSharp.torch]
$nn = [TorchSharp.torch+nn]
$null = $torch::manual_seed(1)

# Lying stripes change from row to row, standing ones from column to column, the others along the diagonals.
$size = 24
$count = 16
$row = $torch::arange([TorchSharp.Scalar]$size).to([TorchSharp.torch+ScalarType]::Float32).unsqueeze(1)
$column = $row.transpose(0, 1)
$ways = [ordered]@{
    lying    = $row.expand($size, $size)
    standing = $column.expand($size, $size)
    rising   = $row.add($column).mul([TorchSharp.Scalar]0.7)
    falling  = $row.sub($column).mul([TorchSharp.Scalar]0.7)
}

# Pictures of count×1×size×size from 0 to 1: waves of many lengths and phases, under noise.
function New-Stripe([object] $Way) {
    $length = $torch::rand($count, 1, 1, 1).add([TorchSharp.Scalar]0.8)
    $phase = $torch::rand($count, 1, 1, 1).mul([TorchSharp.Scalar]6.28)
    $wave = $Way.mul($length).add($phase).sin().add([TorchSharp.Scalar]1).mul([TorchSharp.Scalar]0.35)
    $wave.add($torch::rand($count, 1, $size, $size).mul([TorchSharp.Scalar]0.3))
}

$net = $nn::Sequential()
$null = $net.append('conv1', $nn::Conv2d(1, 16, 5, 1, 2)).append('relu1', $nn::ReLU())
$null = $net.append('conv2', $nn::Conv2d(16, 16, 3, 2, 1)).append('relu2', $nn::ReLU())
$null = $net.append('pool', $nn::AdaptiveAvgPool2d(1)).append('flat', $nn::Flatten()).append('classes', $nn::Linear(16, $ways.Count))

$loss = $nn::CrossEntropyLoss()
$adam = [TorchSharp.torch+optim]::Adam($net.parameters(), 0.01)
$answers = $torch::arange([TorchSharp.Scalar]$ways.Count).repeat_interleave($count)
foreach ($step in 1..$Steps) {
    # All that a step computes is freed with its scope.
    $scope = $torch::NewDisposeScope()
    $pictures = $torch::cat([TorchSharp.torch+Tensor[]]$ways.Values.ForEach{ New-Stripe $_ })
    $scores = $net.call($pictures)
    $wrong = $loss.call($scores, $answers)
    $adam.zero_grad()
    $wrong.backward()
    $null = $adam.step()
    if ($step -eq $Steps) {
        $right = $scores.argmax(1).eq($answers).sum().item[long]()
        Write-Host "After $step steps it knows $right of $($ways.Count * $count) pictures."
    }

    $scope.Dispose()
}

# The network is looked into as it is: no file, no export.
$model = Import-CnnModel -Module $net -InputSize $size -Preprocessing Unit
$model | Get-CnnLayer | Out-Host

$model |
    Get-CnnLayer -Name conv2, classes |
    Invoke-FilterMaximization -Filter (0..3) -Size 48 |
    Export-FilterImage -Path $Destination -Force -PassThru

Write-Host "The classes are stripes: $($ways.Keys -join ', ')."
$model.Dispose()
