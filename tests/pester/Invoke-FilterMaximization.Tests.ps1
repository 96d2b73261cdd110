BeforeAll {
    Import-Module $PSScriptRoot/../../CnnViz.psd1
    . $PSScriptRoot/TinyModel.ps1
    . $PSScriptRoot/Failures.ps1
    . $PSScriptRoot/Pipelines.ps1
    New-TinyModel -Path $TestDrive/model.onnx -WithFaults
    $model = Import-CnnModel $TestDrive/model.onnx -Preprocessing Unit
    $layer = $model | Get-CnnLayer conv1
}

Describe 'Invoke-FilterMaximization' {
    It 'gives the facts that repeat a picture' {
        $image = $layer | Invoke-FilterMaximization 3 -Steps 12 -Seed 7
        $image.Model | Should -Be model
        $image.ModelSha256 | Should -Be $model.Sha256
        $image.Layer | Should -Be conv1
        $image.Filter | Should -Be 3
        $image.Seed | Should -Be 7
        $image.Status | Should -Be StepLimit
        $image.Size | Should -Be '32×32'
        $image.Tensor.shape | Should -Be 3, 32, 32
        $image.Elapsed | Should -BeGreaterThan ([timespan]::Zero)
        "$($image.Recipe)" | Should -Be 'Robust (Steps 12, Size 32)'
        $image.Recipe.Steps | Should -Be 12
    }

    It 'raises the activation' {
        $image = $layer | Invoke-FilterMaximization 3 -Steps 12
        $image.Activations | Should -HaveCount 12
        $image.Activation | Should -BeGreaterThan $image.Activations[0]
    }

    It 'lowers it with -Minimize' {
        $image = $layer | Invoke-FilterMaximization 0 -Minimize -Steps 20
        $image.Minimized | Should -BeTrue
        $image.Activation | Should -BeLessThan $image.Activations[0]
    }

    It 'takes <What> for filters' -ForEach @(
        @{ What = 'activations'; Text = 'conv1:3', 'conv2:1'; Make = {
                $photo = ($layer | Invoke-FilterMaximization 3 -Steps 2 | Export-FilterImage $TestDrive/photo -PassThru -Force)
                $found = $photo | Measure-CnnActivation -Layer ($model | Get-CnnLayer conv1, conv2)
                $found.Where{ "$($_.Layer):$($_.Filter)" -in 'conv1:3', 'conv2:1' }
            }
        }
        @{ What = 'pictures'; Text = 'conv1:4', 'conv2:4'; Make = { $model | Get-CnnLayer conv1, conv2 | Invoke-FilterMaximization 4 -Steps 1 -Size 16 } }
        @{ What = 'figures'; Text = 'conv1:5'; Make = { $layer | Invoke-FilterMaximization 5 -Steps 1 -Size 16 | Measure-FilterImage -Model $model } }
        @{ What = 'rows of a table'; Text = 'conv1:2', 'conv2:0'; Make = { 'Layer,Filter', 'conv1,2', 'CONV2,0' | ConvertFrom-Csv } }
        @{ What = 'filters and objectives together'; Text = 'conv1:1', '2 * conv1:0'; Make = { $layer | Get-CnnFilter 1; ($layer | New-CnnObjective -Filter 0) * 2 } }
    ) {
        $null = Import-CnnModel $TestDrive/model.onnx
        (& $Make | Invoke-FilterMaximization -Steps 1 -Size 16 -WarningAction Ignore).Objective | Should -Be $Text
    }

    It 'finds the model that an object names, or that is given' {
        New-TinyModel -Path $TestDrive/second.onnx -Rectifier second
        $second = Import-CnnModel $TestDrive/second.onnx -Preprocessing Unit
        $image = $layer | Invoke-FilterMaximization 0 -Steps 1 -Size 16
        $rows = @{ Layer = 'conv1'; Filter = 0; Model = 'Second' }, @{ Layer = 'conv1'; Filter = 0 }, @{ Layer = 'conv1'; Filter = 0; Model = 'model' } |
            ForEach-Object { [pscustomobject]$_ }
        (@($image) + $rows | Invoke-FilterMaximization -Steps 1 -Size 16).Model | Should -Be model, second, second, model
        (@($image) + $rows | Invoke-FilterMaximization -Steps 1 -Size 16 -Model $second).Model | Should -Be (@('second') * 4)
    }

    It 'goes on after <Id>' -ForEach @(
        @{ Id = 'NoFilter'; Row = @{ Layer = 'conv1' } }
        @{ Id = 'NoFilter'; Row = @{ Layer = 'conv1'; Filter = 'first' } }
        @{ Id = 'NoModel'; Row = @{ Layer = 'conv1'; Filter = 0; Model = 'nowhere' } }
        @{ Id = 'LayerNotFound'; Row = @{ Layer = 'conv9'; Filter = 0; Model = 'model' } }
        @{ Id = 'FilterOutOfRange'; Row = @{ Layer = 'conv1'; Filter = 99; Model = 'model' } }
    ) {
        $images = [pscustomobject]$Row, ($layer | Get-CnnFilter 0) |
            Invoke-FilterMaximization -Steps 1 -Size 16 -ErrorAction SilentlyContinue -ErrorVariable failures
        $images.Objective | Should -Be conv1:0
        $failures.FullyQualifiedErrorId | Should -BeLike "$Id,*"
        $failures.TargetObject.Layer | Should -Be $Row.Layer
    }

    It 'takes numbers from the pipeline with -Layer, also by its name' {
        $null = Import-CnnModel $TestDrive/model.onnx
        (2, 0 | Invoke-FilterMaximization -Layer $layer -Steps 1 -Size 16).Filter | Should -Be 2, 0
        ('5' | Invoke-FilterMaximization -Layer conv2 -Steps 1 -Size 16).Objective | Should -Be conv2:5
        Get-FailureId { 0 | Invoke-FilterMaximization -Layer conv9 } | Should -Be ParameterArgumentTransformationError
    }

    It 'takes layers and filters from the pipeline' {
        ($layer | Invoke-FilterMaximization -Filter 1, 0 -Steps 2).Filter | Should -Be 1, 0
        ($layer | Get-CnnFilter 1, 0 | Invoke-FilterMaximization -Steps 2).Filter | Should -Be 1, 0
    }

    It 'makes all filters in order without a number' {
        ($layer | Invoke-FilterMaximization -Steps 2 -BatchSize 3).Filter | Should -Be (0..7)
    }

    It 'gives filters that come one by one in the order in which they came' {
        $images = $model | Get-CnnLayer conv1, conv2 | ForEach-Object { $_ | Get-CnnFilter 2, 0, 1 } | Invoke-FilterMaximization -Steps 2 -BatchSize 2
        $images.Objective | Should -Be conv1:2, conv1:0, conv1:1, conv2:2, conv2:0, conv2:1
    }

    It 'starts from a picture' {
        $layer | Invoke-FilterMaximization 0 -Steps 100 | Export-FilterImage $TestDrive/red.png
        $image = $layer | Invoke-FilterMaximization 1 -InitialImage $TestDrive/red.png -Steps 1
        $image.InitialImage | Should -BeLike '*red.png'

        # The detector of green is far below zero on a red picture.
        $image.Activations[0] | Should -BeLessThan -0.05
    }

    It 'makes the pictures of a batch one by one where memory is limited' {
        $images = 1, 1GB | ForEach-Object { $layer | Invoke-FilterMaximization 0, 1 -Steps 3 -BatchSize 2 -MemoryLimit $_ }
        $images.Filter | Should -Be 0, 1, 0, 1
        $images.HasSignal | Should -Not -Contain $false
    }

    It 'makes the same pictures on any number of threads' {
        $images = 1, 2, 3 | ForEach-Object { $layer | Invoke-FilterMaximization 0, 1, 2 -Steps 4 -ThrottleLimit $_ }
        foreach ($filter in 0..2) {
            $images | Where-Object Filter -EQ $filter | ForEach-Object { $_.Activations -join ' ' } | Select-Object -Unique | Should -HaveCount 1
        }
    }

    It 'stops behind Select-Object -First' {
        $watch = [Diagnostics.Stopwatch]::StartNew()
        $image = $layer | Invoke-FilterMaximization -Filter (, 0 * 10000) -Steps 20 -BatchSize 1 | Select-Object -First 1
        $image | Should -HaveCount 1
        $watch.Elapsed.TotalSeconds | Should -BeLessThan 10
    }

    It 'runs in several runspaces at once' {
        $manifest = "$PSScriptRoot/../../CnnViz.psd1"
        $filters = 0..2 | ForEach-Object -ThrottleLimit 3 -Parallel {
            Import-Module $using:manifest
            ($using:layer | Invoke-FilterMaximization $_ -Steps 5).Filter
        }
        $filters | Sort-Object | Should -Be 0, 1, 2
    }

    It 'runs in a job and comes back as plain data' {
        $job = Start-Job {
            Import-Module $using:PSScriptRoot/../../CnnViz.psd1
            Import-CnnModel $using:TestDrive/model.onnx -Preprocessing Unit | Get-CnnLayer conv1 | Invoke-FilterMaximization 0 -Steps 3
        }
        $image = $job | Receive-Job -Wait -AutoRemoveJob
        $image.Layer | Should -Be 'conv1'
        $image.Activations | Should -HaveCount 3
        $image.psobject.Properties.Name | Should -Not -Contain 'Tensor'
    }
}

Describe 'A picture that is no result' {
    It 'is dead where nothing moves the filter' {
        $image = $model | Get-CnnLayer dead | Invoke-FilterMaximization 0 -Steps 5 -WarningVariable warnings -WarningAction SilentlyContinue
        $image.Status | Should -Be Dead
        $image.HasSignal | Should -BeFalse
        $warnings | Should -HaveCount 1
        $warnings | Should -BeLike '*gradient is zero*'
    }

    It 'has diverged where the activation is no number, and the next one comes' {
        $images = $model | Get-CnnLayer broken, conv1 |
            Invoke-FilterMaximization 0 -Steps 5 -WarningVariable warnings -WarningAction SilentlyContinue
        $images.Status | Should -Be StepLimit, Diverged
        $warnings | Should -HaveCount 1
        $warnings | Should -BeLike '*not a number*'
    }
}

Describe 'An error of Invoke-FilterMaximization' {
    It 'is one for each filter that is not there, and the others go on' {
        $images = $model | Get-CnnLayer conv1, dead | Invoke-FilterMaximization -Filter 0, 5, -1 -Steps 2 -WarningAction Ignore -ErrorVariable failures -ErrorAction SilentlyContinue
        $images.Filter | Should -Be 0, 5, 0
        $failures.FullyQualifiedErrorId -replace ',.*' | Should -Be (@('FilterOutOfRange') * 3)
        $failures[0].Exception.Message | Should -BeLike '*has no filter -1*'
    }

    It 'is <Id> for <What>, and names the layer' -ForEach @(
        @{ Id = 'FilterOutOfRange'; What = 'a filter that is not there'; Script = { $layer | Invoke-FilterMaximization 99 -Size 4096 -Steps 1 } }
        @{ Id = 'PictureUnreadable'; What = 'a start that is no picture'; Script = { $layer | Invoke-FilterMaximization 0 -InitialImage $TestDrive/model.onnx } }
    ) {
        $failures = @(Get-Failure $Script)
        $failures | Should -HaveCount 1
        $failures.FullyQualifiedErrorId | Should -BeLike "$Id,*"
        "$($failures.TargetObject)" | Should -Be conv1
    }

    It 'is one for all layers where the picture to start from is not there' {
        $failures = @(Get-Failure { $model | Get-CnnLayer conv* | Invoke-FilterMaximization 0 -InitialImage nowhere.png })
        $failures | Should -HaveCount 1
        $failures.FullyQualifiedErrorId | Should -BeLike 'PathNotFound,*'
        $failures.TargetObject | Should -Be nowhere.png
    }

    It 'is <Id> for -<Name> <Value>' -ForEach @(
        @{ Name = 'Steps'; Value = 0; Id = 'RecipeValueOutOfRange' }
        @{ Name = 'Size'; Value = 0; Id = 'RecipeValueOutOfRange' }
        @{ Name = 'Tolerance'; Value = 1.5; Id = 'RecipeValueOutOfRange' }
        @{ Name = 'Tolerance'; Value = -1; Id = 'RecipeValueOutOfRange' }
        @{ Name = 'BatchSize'; Value = 0; Id = 'ParameterArgumentValidationError' }
        @{ Name = 'ThrottleLimit'; Value = 0; Id = 'ParameterArgumentValidationError' }
        @{ Name = 'MemoryLimit'; Value = 0; Id = 'ParameterArgumentValidationError' }
        @{ Name = 'Recipe'; Value = 'Unheard'; Id = 'ParameterArgumentTransformationError' }
    ) {
        $given = @{ $Name = $Value }
        Get-FailureId { $layer | Invoke-FilterMaximization 0 @given } | Should -Be $Id
    }
}

Describe 'While Invoke-FilterMaximization runs' {
    It 'progress tells step, activation and the time left' {
        $run = Watch-Pipeline { $using:layer | Invoke-FilterMaximization 0, 1 -Steps 200 -Size 64 -BatchSize 1 }
        $running = @($run.Progress | Where-Object RecordType -EQ Processing)
        $running.Count | Should -BeGreaterThan 1
        $running.StatusDescription | ForEach-Object { $_ | Should -Match '^\d of 2 done; conv1:\d, step \d+ of 200' }
        $running.StatusDescription -match 'activation ' | Should -Not -BeNullOrEmpty
        $running.PercentComplete | ForEach-Object { $_ | Should -BeIn (0..100) }
        ($running.SecondsRemaining | Measure-Object -Maximum).Maximum | Should -BeGreaterOrEqual 0
        Get-OpenProgress $run.Progress | Should -BeNullOrEmpty
    }

    It 'progress of one layer is one record' {
        $run = Watch-Pipeline { $using:layer | Invoke-FilterMaximization 0, 1 -Steps 3 }
        $run.Progress.ActivityId | Sort-Object -Unique | Should -Be 0
        $run.Progress.ParentActivityId | Sort-Object -Unique | Should -Be -1
        Get-OpenProgress $run.Progress | Should -BeNullOrEmpty
    }

    It 'progress comes at most five times a second' {
        $clock = [Diagnostics.Stopwatch]::StartNew()
        $run = Watch-Pipeline { $using:model | Get-CnnLayer conv1, relu1 | Invoke-FilterMaximization 0, 1, 2 -Steps 200 -BatchSize 1 }
        $run.Progress.Count | Should -BeGreaterThan 2
        @($run.Progress | Where-Object RecordType -EQ Processing).Count | Should -BeLessOrEqual ($clock.Elapsed.TotalSeconds * 5 + 1)
    }

    It 'progress says how many of the layers that stream are done' {
        $run = Watch-Pipeline { $using:model | Get-CnnLayer conv1, relu1 | Invoke-FilterMaximization 0, 1 -Steps 500 -Verbose }
        $run.Verbose -like 'Made 4 pictures of 2 layers in *' | Should -HaveCount 1
        $outer = @($run.Progress | Where-Object { $_.Activity -eq 'Maximizing filters' -and $_.RecordType -eq 'Processing' })
        $outer.StatusDescription | Should -Be '1 layer done, 2 pictures made; now relu1'
        $outer.PercentComplete | Should -Be -1
        $inner = @($run.Progress | Where-Object Activity -EQ 'Maximizing relu1')
        $inner | Should -Not -BeNullOrEmpty
        $inner.ActivityId | Sort-Object -Unique | Should -Be 1
        $inner.ParentActivityId | Sort-Object -Unique | Should -Be 0
        Get-OpenProgress $run.Progress | Should -BeNullOrEmpty
    }

    It 'progress says of how many layers that are given' {
        $run = Watch-Pipeline { Invoke-FilterMaximization 0 -Layer ($using:model | Get-CnnLayer conv1, relu1) -Steps 500 }
        $outer = @($run.Progress | Where-Object { $_.Activity -eq 'Maximizing filters' -and $_.RecordType -eq 'Processing' })
        $outer.StatusDescription | Should -Be '0 of 2 layers done, 0 pictures made; now conv1', '1 of 2 layers done, 1 picture made; now relu1'
        $outer.PercentComplete | Should -Be 0, 50
        Get-OpenProgress $run.Progress | Should -BeNullOrEmpty
    }

    It 'progress takes filters of one layer for one part' {
        $run = Watch-Pipeline { $using:layer | Get-CnnFilter 0, 1, 2 | Invoke-FilterMaximization -Steps 500 -BatchSize 1 -Verbose }
        $run.Verbose -like 'Made 3 pictures of 1 layer in *' | Should -HaveCount 1
        $run.Progress.StatusDescription | Should -Contain '0 layers done, 2 pictures made; now conv1'
        Get-OpenProgress $run.Progress | Should -BeNullOrEmpty
    }

    It 'progress is completed where <What>' -ForEach @(
        @{ What = 'layers have no picture'; Script = { $using:model | Get-CnnLayer conv1, broken, relu1 | Invoke-FilterMaximization 0 -Steps 3 } }
        @{ What = 'filters are not there'; Script = { $using:model | Get-CnnLayer conv1, relu1 | Invoke-FilterMaximization 0, 99 -Steps 3 } }
        @{ What = 'the picture to start from is none'; Script = {
                $using:model | Get-CnnLayer conv1, relu1 | Invoke-FilterMaximization 0 -InitialImage $using:TestDrive/model.onnx
            }
        }
        @{ What = 'the pipeline throws'; Script = {
                $using:model | Get-CnnLayer conv1, relu1 | Invoke-FilterMaximization 0, 1 -Steps 3 -BatchSize 1 |
                    ForEach-Object { if ($_.Layer -ne 'conv1') { throw 'enough' } }
            }
        }
        @{ What = 'a loop around it breaks'; Script = {
                do {
                    $using:model | Get-CnnLayer conv1, relu1 | Invoke-FilterMaximization 0, 1 -Steps 3 -BatchSize 1 |
                        ForEach-Object { if ($_.Layer -ne 'conv1') { break } }
                } while ($false)
            }
        }
    ) {
        $run = Watch-Pipeline $Script
        $run.Progress | Should -Not -BeNullOrEmpty
        Get-OpenProgress $run.Progress | Should -BeNullOrEmpty
    }

    It 'a stop is answered at once, however long a step takes' {
        Measure-Stop { $using:layer | Invoke-FilterMaximization 0, 1, 2, 3, 4, 7 -Steps 1000000 -Size 1024 -BatchSize 6 } | Should -BeLessThan 3
    }
}

# What the numbers of recipes do.
Describe 'The numbers of a recipe' {
    It 'end an ascent that has settled' {
        $image = $layer | Invoke-FilterMaximization 3 -Steps 400 -Tolerance 0.02
        $image.Status | Should -Be Converged
        $image.Activations.Count | Should -BeIn (32..399)
        $image.Recipe.Tolerance | Should -Be 0.02
    }

    It 'may be such that nothing is raised, which is said' {
        $still = @{ From = 'Classic'; StepSize = 1e-8; Steps = 5 }
        $image = $layer | Invoke-FilterMaximization 0 -Recipe $still -WarningVariable warnings -WarningAction SilentlyContinue
        $image.Status | Should -Be NotRaised
        $image.HasSignal | Should -BeFalse
        $warnings | Should -HaveCount 1
        $warnings | Should -BeLike '*no step increased its activation*'
    }

    It 'make all normalizations climb alike without a step of one''s own' {
        $images = 'Rms', 'L2', 'Std' | ForEach-Object {
            $layer | Invoke-FilterMaximization 7 -Recipe @{ From = 'Classic'; GradientNormalization = $_ }
        }
        $images | Should -HaveCount 3
        $images | ForEach-Object { $_.Activation / $images[0].Activation | Should -BeGreaterThan 0.95 }
        $images | ForEach-Object { $_.Activation / $images[0].Activation | Should -BeLessThan 1.05 }
    }

    It 'must have a step where gradients are not normalized, and each layer says so' {
        $run = Watch-Pipeline {
            $recipe = New-CnnRecipe Classic -GradientNormalization None
            $using:model | Get-CnnLayer conv1, broken, relu1 | Invoke-FilterMaximization 0 -Recipe $recipe
        }
        $run.Output | Should -BeNullOrEmpty
        $run.Error.FullyQualifiedErrorId -replace ',.*' | Should -Be (@('StepSizeNeeded') * 3)
        $run.Error.TargetObject.Name | Should -Be conv1, relu1, broken
        Get-OpenProgress $run.Progress | Should -BeNullOrEmpty
    }

    It 'give phases steps of their own size' {
        $phases = $layer | Invoke-FilterMaximization 0 -Steps 2 -Recipe @{ ImageParameter = 'Phase' }
        $phases.Recipe.Update.StepSize | Should -Be 1
        $coefficients = $layer | Invoke-FilterMaximization 0 -Steps 2 -Recipe @{ From = 'Natural'; ImageParameter = 'Fourier' }
        $coefficients.Recipe.Update.StepSize | Should -Be ([float]0.05)
    }

    It 'of classes are those that show whole things' {
        $recipe = ($model | Invoke-ClassMaximization 0).Recipe
        $recipe.Name | Should -Be RobustClass
        $recipe.Steps | Should -Be 96
        $recipe.Views.MinZoom | Should -Be 0.6
        $recipe.Views.Jitter | Should -Be 0.15
    }

    It 'may leave all but one neuron''s surroundings as they are' {
        $image = $layer | New-CnnObjective -Filter 0 -Position 20, 8 |
            Invoke-FilterMaximization -Recipe @{ From = 'Classic'; InitialNoise = 0; Contrast = 0.2; Border = 0; Steps = 5 }
        $image.Tensor.select(0, 0).argmax().item[long]() | Should -Be (20 * 32 + 8)
    }
}

Describe 'The recipe Reference' {
    BeforeAll {
        $layer | Invoke-FilterMaximization 0, 2 -Steps 20 | Export-FilterImage $TestDrive/references
    }

    It 'is the one that -Reference stands for' {
        $image = $layer | Invoke-FilterMaximization 3 -Reference $TestDrive/references -Steps 3
        $image.Recipe.Name | Should -Be Reference
        $image.Recipe.References.Pictures | Should -Be (Get-ChildItem $TestDrive/references/*.png).FullName
        $image.Recipe.References.Likeness | Should -Be 0.25
        Push-Location $TestDrive/references
        $other = $layer | Invoke-FilterMaximization 3 -Recipe @{ From = 'Robust'; Likeness = 1 } -Reference *0002.png -Steps 3
        Pop-Location
        $other.Recipe.Name | Should -Be Robust
        $other.Recipe.References.Pictures | Should -HaveCount 1
    }

    It 'is told by files, which do not say where the photos are' {
        $image = $layer | Invoke-FilterMaximization 3 -Reference $TestDrive/references -Steps 3
        $image | Export-FilterImage $TestDrive/held.png
        $read = Import-FilterImage $TestDrive/held.png
        $read.Recipe.References.Pictures | Should -Be '2 pictures: conv1_0000.png, conv1_0002.png'
        Get-FailureId { $layer | Invoke-FilterMaximization 3 -Recipe $read.Recipe -ErrorAction Stop } | Should -Be PathNotFound
    }

    It 'writes <Id> for <What>' -ForEach @(
        @{ Id = 'NoReference'; What = 'no photos'; Call = { $layer | Invoke-FilterMaximization 0 -Recipe Reference } }
        @{ Id = 'PathNotFound'; What = 'a folder that is not there'; Call = { $layer | Invoke-FilterMaximization 0 -Reference nowhere } }
        @{ Id = 'PictureUnreadable'; What = 'a file that is no picture'; Call = { $layer | Invoke-FilterMaximization 0 -Reference $TestDrive/model.onnx } }
        @{ Id = 'SkipExistingUnsupported'; What = 'pictures that exist'; Call = { $layer | Invoke-FilterMaximization 0 -Reference $TestDrive/references -SkipExisting $TestDrive } }
        @{ Id = 'RecipeValueOutOfRange'; What = 'a likeness above one'; Call = { New-CnnRecipe Reference -Likeness 2 } }
    ) {
        Get-FailureId $Call | Should -Be $Id
    }
}

Describe 'The recipe Natural' {
    BeforeAll {
        $layer | Invoke-FilterMaximization 3, 4 -Recipe @{ From = 'Robust'; Stretch = 1; Steps = 2 } | Export-FilterImage $TestDrive/photos
    }

    It 'gives larger pictures by their phases, and where it was at work' {
        $image = $layer | Invoke-FilterMaximization 0 -Recipe @{ From = 'Natural'; Steps = 4; Crop = 0.5, 0.4 }
        $image.Recipe.Name | Should -Be 'Natural'
        $image.Recipe.Image.Parameter | Should -Be 'Phase'
        $image.Height | Should -Be ($model.InputShape.Height * 2)
        $image.Transparency.shape | Should -Be $image.Height, $image.Width
    }

    It 'takes its numbers one by one, and files keep them' {
        $recipe = New-CnnRecipe Natural -Steps 3 -Crop 0.4, 0.2 -CropSpread 0.01 -CropShift 0.3 -ViewSize 20, 24 -Views 2 -Stretch 2
        $image = $layer | Invoke-FilterMaximization 0 -Recipe $recipe
        $image.Size | Should -Be '50×60'
        $image.Recipe.Update.StepSize | Should -Be 1
        $image | Export-FilterImage $TestDrive/natural.png
        $read = (Import-FilterImage $TestDrive/natural.png).Recipe
        $read | Should -Be $image.Recipe
        $read.Name | Should -Be Natural
        $read.Image.Parameter | Should -Be Phase
        $read.Image.Stretch | Should -Be 2
        $read.Views.Count | Should -Be 2
    }

    It 'takes the magnitudes of a folder of pictures' {
        $images = @($layer | Invoke-FilterMaximization 0 -Steps 2 -Recipe @{ From = 'Natural'; Spectrum = "$TestDrive/photos" }) +
            @($layer | Invoke-FilterMaximization 0 -Steps 2 -Recipe @{ From = 'Natural'; Spectrum = "$TestDrive/photos/*_0003.png" }) +
            @($layer | Invoke-FilterMaximization 0 -Recipe Natural -Steps 2)
        $images.Spectrum | Should -Be '2 pictures: conv1_0003.png, conv1_0004.png', '1 pictures: conv1_0003.png', $null
        $images.Activation | Sort-Object -Unique | Should -HaveCount 3
    }

    It 'writes <Id> for the magnitudes of <What>' -ForEach @(
        @{ Id = 'PathNotFound'; What = 'a folder that is not there'; Spectrum = 'nowhere' }
        @{ Id = 'PathNotFound'; What = 'an empty folder'; Spectrum = 'TestDrive:/empty' }
        @{ Id = 'PictureUnreadable'; What = 'a file that is no picture'; Spectrum = 'TestDrive:/model.onnx' }
        @{ Id = 'NotFileSystem'; What = 'a variable'; Spectrum = 'variable:PWD' }
    ) {
        $null = New-Item -ItemType Directory -Force TestDrive:/empty
        Get-FailureId { $layer | Invoke-FilterMaximization 0 -Recipe (New-CnnRecipe Natural -Spectrum $Spectrum) } | Should -Be $Id
    }

    It 'exports its transparency where the format has one' {
        $image = $layer | Invoke-FilterMaximization 0 -Recipe Natural -Steps 16
        $image | Export-FilterImage $TestDrive/one.png -Transparency
        $image | Export-FilterImage $TestDrive/plain.png
        Get-FailureId { $image | Export-FilterImage $TestDrive/one.jpg -Transparency } | Should -Be TransparencyUnsupported
        "$TestDrive/one.jpg" | Should -Not -Exist

        # The colour type of a PNG file: RGB with and without alpha.
        [IO.File]::ReadAllBytes("$TestDrive/one.png")[25] | Should -Be 6
        [IO.File]::ReadAllBytes("$TestDrive/plain.png")[25] | Should -Be 2
    }
}

Describe 'Invoke-FilterMaximization -SkipExisting' {
    BeforeAll {
        $layers = $model | Get-CnnLayer conv1, conv2
        $options = @{ Steps = 3; Size = 16; WarningAction = 'SilentlyContinue' }
        $layers | Invoke-FilterMaximization @options | Export-FilterImage $TestDrive/whole
        $layers | Invoke-FilterMaximization 1, 2, 5 @options | Export-FilterImage "$TestDrive/rest/{Model}/{Layer}_{Filter:0000}.png"
    }

    It 'makes what is missing, the same to the byte as without an interruption' {
        $made = $layers | Invoke-FilterMaximization @options -SkipExisting $TestDrive/rest
        $made | Should -HaveCount ((Get-ChildItem $TestDrive/whole).Count - 6)
        $made.Where{ $_.Layer -eq 'conv1' }.Filter | Should -Be 0, 3, 4, 6, 7
        $made | Export-FilterImage "$TestDrive/rest/{Model}/{Layer}_{Filter:0000}.png"
        $hashes = (Get-ChildItem $TestDrive/rest -Recurse -File | Get-FileHash | Sort-Object Path).Hash
        $hashes | Should -Be (Get-ChildItem $TestDrive/whole | Get-FileHash | Sort-Object Path).Hash
    }

    It 'knows pictures by what files say, whatever their names and formats, and takes <Form>' -ForEach @(
        @{ Form = 'a folder'; Path = 'named' }
        @{ Form = 'a template'; Path = 'named/{Layer}/{Filter:000}.png' }
        @{ Form = 'a file'; Path = 'named/other.jpg' }
        @{ Form = 'several, and what is not there'; Path = 'nowhere', 'named' }
    ) {
        $null = New-Item $TestDrive/named -ItemType Directory -Force
        Set-Content $TestDrive/named/broken.png 'no picture'
        $layers[0] | Invoke-FilterMaximization 3 @options | Export-FilterImage $TestDrive/named/other.jpg -Force
        $paths = $Path.ForEach{ "$TestDrive/$_" }
        ($layers[0] | Invoke-FilterMaximization 3, 4 @options -SkipExisting $paths).Filter | Should -Be 4
    }

    It 'makes a picture again with another <What>' -ForEach @(
        @{ What = 'seed'; Other = @{ Seed = 1 } }
        @{ What = 'number of steps'; Other = @{ Steps = 4 } }
        @{ What = 'size'; Other = @{ Size = 20 } }
        @{ What = 'direction'; Other = @{ Minimize = $true } }
        @{ What = 'recipe'; Other = @{ Recipe = @{ From = 'Robust'; Jitter = 0.1 } } }
    ) {
        $changed = @{ Steps = 3; Size = 16 }
        $Other.GetEnumerator().ForEach{ $changed[$_.Key] = $_.Value }
        $layers[0] | Invoke-FilterMaximization 1 @changed -SkipExisting $TestDrive/whole | Should -HaveCount 1
    }

    It 'counts each seed' {
        $layers[0] | Invoke-FilterMaximization 6 @options -Seed 1 | Export-FilterImage $TestDrive/seeds/second.png
        ($layers[0] | Invoke-FilterMaximization 6 @options -Count 3 -SkipExisting $TestDrive/seeds).Seed | Should -Be 0, 2
    }

    It 'makes again what another model made' {
        New-TinyModel -Path $TestDrive/other.onnx -Rectifier other
        Import-CnnModel $TestDrive/other.onnx -Preprocessing Unit | Get-CnnLayer conv1 |
            Invoke-FilterMaximization 1 @options -SkipExisting $TestDrive/whole | Should -HaveCount 1
    }

    It 'always makes objectives whose text does not tell all' {
        $sum = ($layers[0] | New-CnnObjective -Filter 0) + ($layers[0] | New-CnnObjective -Filter 1)
        $sum | Invoke-FilterMaximization @options | Export-FilterImage $TestDrive/sums
        $sum | Invoke-FilterMaximization @options -SkipExisting $TestDrive/sums | Should -HaveCount 1
    }

    It 'cannot tell what began with another picture' {
        Get-FailureId {
            $layers[0] | Invoke-FilterMaximization 1 @options -SkipExisting $TestDrive/whole -InitialImage (Get-Item $TestDrive/whole/*.png)[0]
        } | Should -Be SkipExistingUnsupported
    }
}

Describe 'Invoke-FilterMaximization -Continue' {
    It 'goes on where a picture stands, with its recipe and size' {
        $filter = Import-CnnModel patterns | Get-CnnLayer conv4 | Get-CnnFilter 1
        $first = $filter | Invoke-FilterMaximization -Steps 16 -Size 40 -Recipe Robust
        $on = $first | Invoke-FilterMaximization -Continue -Steps 32
        $on.Size | Should -Be '40×40'
        $on.InitialImage | Should -Be conv4:1
        $on.Activation | Should -BeGreaterThan $first.Activation
        ($filter | Invoke-FilterMaximization -Steps 16 -Size 40).InitialImage | Should -BeNullOrEmpty
    }

    It 'is not to begin with another picture, too' {
        { $image = $null; 1 | Invoke-FilterMaximization -Layer conv4 -Continue -InitialImage $PSCommandPath } |
            Should -Throw -ErrorId 'ContinueAndInitialImage,*'
    }
}
