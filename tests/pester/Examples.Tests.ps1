# The examples, as a user runs them: each in a process of its own, without a terminal, with few steps.

BeforeDiscovery {
    $scripts = Get-Item $PSScriptRoot/../../build.ps1, $PSScriptRoot/../../examples/*.ps1 | ForEach-Object { @{ Name = $_.BaseName; Script = $_.FullName } }
}

BeforeAll {
    . $PSScriptRoot/TinyModel.ps1
    New-TinyModel -Path $TestDrive/model.onnx
    $examples = (Resolve-Path $PSScriptRoot/../../examples).Path
    $photos = (Resolve-Path $PSScriptRoot/../../docs/images/patterns).Path
    $pester = Join-Path (Get-Module Pester).ModuleBase Pester.psd1

    # Its exit code, what it put out and the host showed, and its errors.
    function Invoke-Example([string] $Name) {
        $output, $errors = (& pwsh -NoProfile -NonInteractive -File $examples/$Name.ps1 @args 2>&1).Where({ $_ -is [string] }, 'Split')
        [pscustomobject]@{ Code = $LASTEXITCODE; Output = @($output); Text = $output -join "`n"; Errors = $errors -join "`n" }
    }

    # Passed and failed, as text.
    function Test-Model([hashtable] $Data) {
        $pairs = $Data.GetEnumerator() | ForEach-Object { "$($_.Key) = '$($_.Value)'" }
        $script = "Import-Module '$pester'; `$container = New-PesterContainer -Path '$examples/model.Tests.ps1' -Data @{ $($pairs -join '; ') }; " +
            '$run = Invoke-Pester -Container $container -PassThru -Output None; "$($run.PassedCount) $($run.FailedCount)"'
        @(& pwsh -NoProfile -NonInteractive -Command $script)[-1]
    }
}

Describe 'The script <Name>' -ForEach $scripts {
    It 'has help with a synopsis and examples' {
        $help = Get-Help $Script
        $help.Synopsis | Should -Match '^[A-Z].*\.$'
        @($help.examples.example).Count | Should -BeGreaterThan 0
    }
}

Describe 'first-look' {
    It 'writes pictures of layers and classes, and ends with a contact sheet and its path' {
        $look = Invoke-Example first-look -Steps 8 -Destination $TestDrive/look
        $look.Errors | Should -BeNullOrEmpty
        $look.Code | Should -Be 0
        $look.Text | Should -Match '(?m)^patterns +ONNX'
        $look.Text | Should -Match '(?m)^conv8 +Conv2d'

        # All but those that nothing raises, which are reported; among the classes, more than with all steps.
        @(Get-ChildItem $TestDrive/look/layers).Count | Should -BeIn (75..80)
        @(Get-ChildItem $TestDrive/look/classes).Count | Should -BeIn (30..36)
        "$TestDrive/look/classes/zigzag.png" | Should -Exist
        "$TestDrive/look/classes/blue.png" | Should -Exist
        $look.Output[-1] | Should -Be (Get-Item $TestDrive/look/contact-sheet.png).FullName
    }
}

Describe 'own-onnx-model' {
    It 'shows a layer of a model of ones own' {
        $run = Invoke-Example own-onnx-model -Path $TestDrive/model.onnx -Layer conv1 -Filter 0 -Destination $TestDrive/own
        $run.Errors | Should -BeNullOrEmpty
        $run.Code | Should -Be 0
        $run.Text | Should -Match 'Layer conv1 \(Conv2d\) has 8 filters and sees 3×3 / 1\.'
        "$TestDrive/own/conv1_0000.png" | Should -Exist
    }
}

Describe 'class-gallery' {
    It 'makes a picture of each class and seed, and tells how sure each is' {
        $run = Invoke-Example class-gallery -Class zig* -Count 2 -Size 64 -Destination $TestDrive/gallery
        $run.Errors | Should -BeNullOrEmpty
        $run.Code | Should -Be 0
        @($run.Output -match '^zigzag +-?[\d.]+ +[\d.]+ ').Count | Should -Be 2 -Because $run.Text
        (Get-ChildItem $TestDrive/gallery).Name | Should -Be 'classifier_015_zigzag_0.png', 'classifier_015_zigzag_1.png'
    }
}

Describe 'train-and-look' {
    It 'trains a network and looks into it' {
        $run = Invoke-Example train-and-look -Steps 3 -Destination $TestDrive/trained
        $run.Errors | Should -BeNullOrEmpty
        $run.Code | Should -Be 0
        $run.Text | Should -Match 'After 3 steps it knows \d+ of 64 pictures\.'
        $run.Text | Should -Match '(?m)^classes +Linear +4'
        "$TestDrive/trained/classes_0003.png" | Should -Exist
    }
}

Describe 'deepdream-photo' {
    It 'dreams of a photo in several strengths' {
        $run = Invoke-Example deepdream-photo -Photo $photos/maze.webp -Destination $TestDrive/dream
        $run.Errors | Should -BeNullOrEmpty
        $run.Code | Should -Be 0
        (Get-ChildItem $TestDrive/dream).Name | Should -Be 'maze_strength-0.3.png', 'maze_strength-1.png', 'maze_strength-2.png'
    }
}

Describe 'compare-layers' {
    It 'makes a sheet and a plot of each layer' {
        $run = Invoke-Example compare-layers -Steps 4 -Destination $TestDrive/layers
        $run.Errors | Should -BeNullOrEmpty
        $run.Code | Should -Be 0
        $run.Text | Should -Match '(?s)Layer +: conv2\s+Filters +: 8\s+Raised +: \d.*Layer +: conv8'
        $names = 'conv2', 'conv4', 'conv6', 'conv8' | ForEach-Object { "$_.png"; "$_.svg" }
        (Get-ChildItem $TestDrive/layers).Name | Sort-Object | Should -Be $names
    }
}

Describe 'custom-objective' {
    It 'raises objectives of ones own' {
        $run = Invoke-Example custom-objective -Steps 4 -Destination $TestDrive/objectives
        $run.Errors | Should -BeNullOrEmpty
        $run.Code | Should -Be 0
        (Get-ChildItem $TestDrive/objectives).Name | Sort-Object | Should -Be 'difference.png', 'sum.png', 'weaker.png'
    }
}

Describe 'watch-the-ascent' {
    It 'makes animations and the plot of an ascent' {
        $run = Invoke-Example watch-the-ascent -Steps 8 -Every 4 -Destination $TestDrive/ascent
        $run.Errors | Should -BeNullOrEmpty
        $run.Code | Should -Be 0
        @(Get-ChildItem $TestDrive/ascent).Count | Should -Be 5
        "$TestDrive/ascent/activations.svg" | Should -Exist
    }
}

Describe 'model-atlas' {
    It 'makes an atlas, and says what to open' {
        $run = Invoke-Example model-atlas -Layer conv2 -Steps 4 -Photos $photos -Destination $TestDrive/atlas
        $run.Errors | Should -BeNullOrEmpty
        $run.Code | Should -Be 0
        $run.Text | Should -Match 'index\.html'
        "$TestDrive/atlas/index.html" | Should -FileContentMatch 'conv2'
    }
}

Describe 'nightly-job' {
    It 'stops when time is up, and says that there is more to do' {
        $night = Invoke-Example nightly-job -Model $TestDrive/model.onnx -Hours 0 -Steps 2 -Destination $TestDrive/night
        $night.Code | Should -Be 2 -Because $night.Errors
        $night.Output | Should -Be '0 done, 16 to do', '0 made, 16 to do, 0 failed,  hours left'
        "$TestDrive/night/plan.json" | Should -Exist
    }

    It 'goes on where it stopped, and says when all is done' {
        # As much as another night would have made.
        Import-Module $PSScriptRoot/../../CnnViz.psd1
        $done = @(Invoke-FilterPlan -Path $TestDrive/night -ShardIndex 0 -ShardCount 4).Count
        $night = Invoke-Example nightly-job -Model $TestDrive/model.onnx -Hours 0.2 -Steps 2 -Destination $TestDrive/night
        $night.Code | Should -Be 0 -Because $night.Errors
        $night.Output | Should -Be "$done done, $(16 - $done) to do", "$(16 - $done) made, 0 to do, 0 failed, 0 hours left"
        $rows = Import-Csv $TestDrive/night/results.csv
        $rows.Count | Should -Be 16
        $rows[-1].Layer, $rows[-1].Filter | Should -Be conv2, 7
        $rows[-1].Path | Should -Exist
    }

    It 'leaves a folder to the job that is at work in it, until that ends in whatever way' {
        # Another process has the lock, as a job has it, and is killed.
        $lock = (Resolve-Path $TestDrive/night/.lock).Path
        $holder = Start-Process pwsh -PassThru -ArgumentList '-NoProfile', '-Command',
            "`$null = [IO.File]::Open('$lock', 'OpenOrCreate', 'ReadWrite', 'None'); `$null = New-Item '$TestDrive/held'; Start-Sleep 60"
        try {
            while (-not (Test-Path $TestDrive/held)) {
                Start-Sleep -Milliseconds 50
            }

            $before = Get-Content $TestDrive/night/results.csv -Raw
            $night = Invoke-Example nightly-job -Model $TestDrive/model.onnx -Steps 2 -Destination $TestDrive/night
            $night.Code | Should -Be 3 -Because $night.Errors
            $night.Text | Should -BeLike 'Another job is at work in *'
            Get-Content $TestDrive/night/results.csv -Raw | Should -Be $before
        }
        finally {
            $holder.Kill($true)
            $holder.WaitForExit()
        }

        (Invoke-Example nightly-job -Model $TestDrive/model.onnx -Steps 2 -Destination $TestDrive/night).Code | Should -Be 0
    }

    It 'says by its exit code when a picture fails, and makes it the next night' {
        $path = (Import-Csv $TestDrive/night/results.csv)[5].Path
        Remove-Item $path
        $null = New-Item -ItemType Directory $path
        $night = Invoke-Example nightly-job -Model $TestDrive/model.onnx -Steps 2 -Destination $TestDrive/night
        $night.Code | Should -Be 1
        $night.Output[-1] | Should -BeLike '1 made, 0 to do, 1 failed, *'
        $night.Errors | Should -Match 'conv1_0005'
        Remove-Item $path -Recurse
        (Invoke-Example nightly-job -Model $TestDrive/model.onnx -Steps 2 -Destination $TestDrive/night).Code | Should -Be 0
        $path | Should -Exist
    }

    It 'says by its exit code when it cannot work' {
        (Invoke-Example nightly-job -Model $TestDrive/nowhere.onnx -Destination $TestDrive/nowhere).Code | Should -Be 1
    }
}

Describe 'model.Tests' {
    It 'passes for the built-in model' {
        Test-Model @{ Steps = 16 } | Should -Be '5 0'
    }

    It 'fails where more filters are dead than may be' {
        # Less than none may be: what has no dead filters fails too, and nothing else does.
        Test-Model @{ Model = "$TestDrive/model.onnx"; Layer = 'conv1'; Steps = 4; DeadShare = -0.1 } | Should -Be '2 1'
    }
}
