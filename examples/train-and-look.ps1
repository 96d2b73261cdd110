<#
.SYNOPSIS
    Trains a small network in the session to tell stripes apart by direction and colour, and shows what its filters look for.

.EXAMPLE
    ./examples/train-and-look.ps1 -Destination out
#>
param(
    [int] $Steps = 80,

    [string] $Destination = 'out'
)

# The module is there already when the script runs in CnnViz.Shell.
if (-not (Get-Module CnnViz)) {
    Import-Module "$PSScriptRoot/../CnnViz.psd1"
}

Import-TorchSharp
$torch = [TorchSharp.torch]
$nn = [TorchSharp.torch+nn]
$null = $torch::manual_seed(1)

$classes = 'lying red', 'standing red', 'lying blue', 'standing blue'
$size = 24
$count = 16

function Get-Stripes([int] $class) {
    # Waves of many lengths and phases, from 0 to 1, as pictures of count×size×size.
    $length = $torch::rand($count, 1).add([TorchSharp.Scalar]0.6)
    $phase = $torch::rand($count, 1).mul([TorchSharp.Scalar]6.28)
    $place = $torch::arange([TorchSharp.Scalar]$size).to([TorchSharp.torch+ScalarType]::Float32)
    $wave = $place.mul($length).add($phase).sin().add([TorchSharp.Scalar]1).mul([TorchSharp.Scalar]0.5)
    $stripes = $wave.unsqueeze(2 - $class % 2).expand([long[]]($count, $size, $size))

    # In the red or the blue of noise.
    $pictures = $torch::rand($count, 3, $size, $size).mul([TorchSharp.Scalar]0.3)
    $channel = if ($class -lt 2) { 0 } else { 2 }
    $null = $pictures.select(1, $channel).add_($stripes.mul([TorchSharp.Scalar]0.7))
    $pictures
}

$net = $nn::Sequential()
$null = $net.append('conv1', $nn::Conv2d(3, 16, 5, 1, 2)).append('relu1', $nn::ReLU())
$null = $net.append('conv2', $nn::Conv2d(16, 16, 3, 2, 1)).append('relu2', $nn::ReLU())
$null = $net.append('pool', $nn::AdaptiveAvgPool2d(1)).append('flat', $nn::Flatten()).append('classes', $nn::Linear(16, 4))

$loss = $nn::CrossEntropyLoss()
$adam = [TorchSharp.torch+optim]::Adam($net.parameters(), 0.02)
$answers = $torch::arange([TorchSharp.Scalar]4).repeat_interleave($count)
foreach ($step in 1..$Steps) {
    # All that a step computes is freed with its scope.
    $scope = $torch::NewDisposeScope()
    $pictures = $torch::cat([TorchSharp.torch+Tensor[]](0..3).ForEach{ Get-Stripes $_ })
    $scores = $net.call($pictures)
    $wrong = $loss.call($scores, $answers)
    $adam.zero_grad()
    $wrong.backward()
    $null = $adam.step()
    if ($step -eq $Steps) {
        $right = $scores.argmax(1).eq($answers).sum().item[long]()
        "After $step steps it knows $right of $(4 * $count) pictures."
    }

    $scope.Dispose()
}

# The network is looked into as it is: no file, no export.
$model = Import-CnnModel -Module $net -InputSize $size -Preprocessing Unit
$model | Get-CnnLayer

$model |
    Get-CnnLayer -Name conv2, classes |
    Invoke-FilterMaximization -Filter (0..3) -Size 48 |
    Export-FilterImage -Path $Destination -Force -PassThru |
    ForEach-Object { "Wrote $($_.FullName)" }

"The last four are of $($classes -join ', ')."
$model.Dispose()
