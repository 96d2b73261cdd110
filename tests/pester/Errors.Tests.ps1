# Errors that no suite of a cmdlet has a reason to provoke. Every id is in the help, and in a test (ErrorTableTests).
BeforeAll {
    Import-Module $PSScriptRoot/../../CnnViz.psd1
    . $PSScriptRoot/TinyModel.ps1
    . $PSScriptRoot/TinyWeights.ps1
    . $PSScriptRoot/Failures.ps1
    Push-Location $TestDrive
    New-TinyModel model.onnx
    $model = Import-CnnModel model.onnx
    $layer = $model | Get-CnnLayer conv1
    $images = $layer | Invoke-FilterMaximization 0, 1 -Steps 1 -Size 16
    $null = New-Item -ItemType Directory folder
    foreach ($name in 'weights', 'more') {
        New-TinyWeights $TestDrive/$name.safetensors ([ordered]@{ 'c1.weight' = 4, 3, 3, 3; 'c1.bias' = 4; 'c2.weight' = 4, 4, 3, 3; 'c2.bias' = 4 })
    }


    # A script, while another program has a file to itself.
    function Use-LockedFile([string] $Path, [scriptblock] $Script) {
        $file = [IO.File]::Open("$TestDrive/$Path", 'OpenOrCreate', 'ReadWrite', 'None')
        try { & $Script } finally { $file.Dispose() }
    }

    # The tiny model, with an entry of metadata or with a tensor in another file. ModelProto: metadata_props 14 (key 1, value 2); graph 7.
    function Add-Metadata([string] $Key, [string] $Value) {
        $entry = (New-TextField 1 $Key) + (New-TextField 2 $Value)
        [IO.File]::WriteAllBytes("$TestDrive/metadata.onnx", [IO.File]::ReadAllBytes("$TestDrive/model.onnx") + (New-BytesField 14 $entry))
    }

    # TensorProto: dims 1, data_type 2, name 8, external_data 13 (key 1, value 2), data_location 14 (1 is EXTERNAL).
    function New-ExternalModel {
        [IO.File]::WriteAllBytes("$TestDrive/weights.bin", [byte[]]::new(4 * 4 * 3))
        $location = New-BytesField 13 ((New-TextField 1 location) + (New-TextField 2 weights.bin))
        $dims = (4, 3, 1, 1).ForEach{ New-NumberField 1 $_ }
        $weight = [byte[]](($dims | ForEach-Object { $_ }) + (New-NumberField 2 1) + (New-TextField 8 w) + $location + (New-NumberField 14 1))
        Write-Model -Path $TestDrive/external.onnx -Node @(, (New-Node Conv conv image, w)) -Weight @(, $weight) -Classes 4
    }
}

AfterAll {
    Pop-Location
}

Describe 'An error' {
    It 'is <Id>' -ForEach @(
        @{ Id = 'DescriptionUnreadable'; Call = {
                Use-LockedFile net.txt { Import-CnnModel weights.safetensors -Architecture $TestDrive/net.txt }
            }
        }
        @{ Id = 'ExternalDataUnreadable'; Call = { New-ExternalModel; Use-LockedFile weights.bin { Import-CnnModel external.onnx } } }
        @{ Id = 'FileNameTaken'; Call = { Import-CnnModel weights.safetensors, more.safetensors -Draft draft.txt } }
        @{ Id = 'JudgeUnsuitable'; Call = {
                Import-TorchSharp
                $grey = Import-CnnModel -Module ([TorchSharp.torch+nn]::Conv2d(1, 4, 3)) -InputSize 16 -Preprocessing Unit
                $images[0] | Export-FilterImage natural.png
                $images[0] | Measure-FilterImage -Model $model -Judge $grey -NaturalImage natural.png
            }
        }
        @{ Id = 'MetadataInvalid'; Call = { Add-Metadata CnnViz.ClassNames '{'; Import-CnnModel metadata.onnx } }
        @{ Id = 'ModelUnreadable'; Call = { Use-LockedFile model.onnx { Import-CnnModel model.onnx } } }
        @{ Id = 'ModuleOfScript'; Call = {
                Import-TorchSharp
                $net = & ([scriptblock]::Create('
                    class Net : TorchSharp.torch+nn+Module[TorchSharp.torch+Tensor, TorchSharp.torch+Tensor] {
                        Net() : base("Net") { }
                        [TorchSharp.torch+Tensor] forward([TorchSharp.torch+Tensor] $x) { return $x }
                    }
                    [Net]::new()'))
                Import-CnnModel -Module $net -InputSize 16
            }
        }
        @{ Id = 'NaturalImageNeeded'; Call = { $images | Measure-FilterImage -Model $model -Judge $model } }
        @{ Id = 'NodeNotWritable'; Call = {
                Import-TorchSharp
                Import-CnnModel -Module ([TorchSharp.torch+nn]::Conv2d(3, 4, 3)) -InputSize 16 -Preprocessing Unit | Export-CnnModel module.onnx
            }
        }
        @{ Id = 'NotAFile'; Call = { $images | Export-FilterAtlas folder -SingleFile } }
        @{ Id = 'NoPicture'; Call = { Export-FilterImage none.png } }
        @{ Id = 'NoTransparency'; Call = { $images[0] | Export-FilterImage opaque.jpg; Import-FilterImage opaque.jpg | Export-FilterImage clear.png -Transparency } }
        @{ Id = 'PathTooLong'; Call = { $images[0] | Export-FilterImage "$('x' * 5000).png" } }
        @{ Id = 'WildcardInvalid'; Call = { $model | Get-CnnLayer '[a' } }
    ) {
        Get-FailureId $Call | Should -Be $Id
    }

    It 'of a value that is no recipe names the ways to give one (RecipeNotUnderstood)' {
        $failure = Get-Failure { $layer | Invoke-FilterMaximization 0 -Recipe 5 }
        $failure.Exception.InnerException.InnerException.ErrorId | Should -Be RecipeNotUnderstood
        "$failure" | Should -Match 'hashtable'
    }
}
