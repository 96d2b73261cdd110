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
$model
$model | Get-CnnLayer -Kind Conv2d, Linear
''

function Save-Picture([string] $Name, [scriptblock] $Pictures) {
    $files = @(& $Pictures | Export-FilterImage -Path "$Destination/$Name" -Force -PassThru)
    "$($files.Count) pictures in $($files[0].DirectoryName)"
}

Save-Picture layers {
    $model | Get-CnnLayer relu1 | Invoke-FilterMaximization -Seed $Seed
    $model | Get-CnnLayer conv[2-8] | Invoke-FilterMaximization -Filter (0..7) -Seed $Seed
}

# A class holds at many scales, so its views may differ more than a filter's.
$numbers = @{ Size = 128; Steps = 96; Zoom = 0.7, 1.4; Jitter = 0.15; UpdateRule = 'Adam'; StepSize = 0.1; BatchSize = 4; Seed = $Seed }
Save-Picture 'classes/{ClassName}.png' {
    $model | Get-CnnLayer classifier, colour | Invoke-FilterMaximization @numbers
}

$model.Dispose()
