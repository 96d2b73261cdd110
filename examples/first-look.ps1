<#
.SYNOPSIS
    Shows what the filters of the built-in model look for: edges and colours first, whole patterns last.

.DESCRIPTION
    Writes a picture of every filter of the first layer (behind its rectifier: a linear layer alone asks for one colour), of some
    filters of each deeper layer, and of every class.

.EXAMPLE
    ./examples/first-look.ps1

.EXAMPLE
    ./examples/first-look.ps1 -Destination pictures -Seed 1
#>
param(
    [string] $Destination = 'out/first-look',

    [long] $Seed = 0
)

# The module is there already when the script runs in CnnViz.Shell.
if (-not (Get-Module CnnViz)) {
    Import-Module "$PSScriptRoot/../CnnViz.psd1"
}

$model = Import-CnnModel patterns

# Each by itself: of different things in one output, all but the first are lists.
$model | Out-Default
$model | Get-CnnLayer -Kind Conv2d, Linear | Out-Default

function Save-Picture([string] $Name, [scriptblock] $Pictures) {
    $files = @(& $Pictures | Export-FilterImage -Path "$Destination/$Name" -Force -PassThru)
    "$($files.Count) pictures in $($files[0].DirectoryName)"
}

Save-Picture layers {
    $model | Get-CnnLayer relu1 | Invoke-FilterMaximization -Seed $Seed
    $model | Get-CnnLayer conv[2-8] | Invoke-FilterMaximization -Filter (0..7) -Seed $Seed
}

Save-Picture 'classes/{ClassName}.png' {
    $model | Invoke-ClassMaximization * -Size 128 -BatchSize 4 -Seed $Seed
}

$model.Dispose()
