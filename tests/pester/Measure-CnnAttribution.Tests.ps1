BeforeAll {
    Import-Module $PSScriptRoot/../../CnnViz.psd1
    . $PSScriptRoot/TinyModel.ps1
    . $PSScriptRoot/Failures.ps1
    . $PSScriptRoot/Pipelines.ps1
    . $PSScriptRoot/PngText.ps1
    New-TinyModel -Path $TestDrive/model.onnx
    'red', 'green, verdant', 'blue' + (3..9) | Set-Content $TestDrive/classes.txt
    $model = Import-CnnModel $TestDrive/model.onnx -Preprocessing Unit -ClassName $TestDrive/classes.txt

    # Red, green and blue.
    $photos = "$TestDrive/photos"
    $model | Get-CnnLayer conv1 | Invoke-FilterMaximization 0, 1, 2 -Recipe Classic -Steps 15 -Size 32 | Export-FilterImage $photos
}

Describe 'Measure-CnnAttribution' {
    It 'explains what the network answers with, photo by photo' {
        $maps = $model | Measure-CnnAttribution $photos
        $maps | Should -BeOfType CnnViz.Activations.FilterMap
        $maps.ClassName | Should -Be red, 'green, verdant', blue
        $maps.Layer | Should -Be classifier, classifier, classifier
        $maps.MapLayer | Should -Be conv2, conv2, conv2
        $answers = $model | Get-CnnLayer classifier | Measure-CnnActivation $photos -Filter 0
        $maps[0].Max | Should -BeGreaterThan $answers[1].Max
        $maps.HasSignal | Should -Be $true, $true, $true
    }

    It 'explains classes by <What>' -ForEach @(
        @{ What = 'name'; Class = 'blue'; Expected = 2 }
        @{ What = 'synonym'; Class = 'VERDANT'; Expected = 1 }
        @{ What = 'wildcard and number'; Class = 'r*', 2; Expected = 0, 2 }
    ) {
        ($model | Measure-CnnAttribution $photos/*0.png -Class $Class -WarningAction Ignore).Filter | Should -Be $Expected
    }

    It 'is, of the colours of the class, most where the filter fires most' {
        # The classifier adds up the means of conv2's maps, so Grad-CAM of the class is the weighted sum of them.
        $map = $model | Measure-CnnAttribution $photos/*0.png red
        $own = $model | Get-CnnLayer conv2 | Measure-CnnActivation $photos/*0.png -Filter (0..7) -Map
        $weights = 1, -0.5, -0.5, -0.5, -0.5, -0.5, 0, 0
        foreach ($row in 0, 7, 15) {
            $sum = 0
            foreach ($i in 0..7) { $sum += $weights[$i] / 256 * $own[$i].Values[$row, 9] }
            [Math]::Abs($map.Values[$row, 9] - [Math]::Max(0.0, $sum)) | Should -BeLessThan 1e-6
        }
    }

    It 'covers parts of the photo with -Method Occlusion' {
        $map = $model | Measure-CnnAttribution $photos/*1.png green -Method Occlusion -WindowSize 8 -Stride 4
        $map.Method, $map.WindowSize, $map.Rows, $map.Columns | Should -Be Occlusion, 8, 7, 7
        $map.MapLayer | Should -BeNullOrEmpty
        $map.Maximum | Should -BeGreaterThan 0
        $whole = $model | Measure-CnnAttribution $photos/*1.png green -Method Occlusion -WindowSize 32 -Baseline 0.5
        $whole.Rows | Should -Be 1
    }

    It 'explains filters of deep layers' {
        $maps = $model | Get-CnnLayer conv2 | Get-CnnFilter 0, 3 | Measure-CnnAttribution -Path $photos/*0.png -WarningAction Ignore
        $maps.ForEach{ "$($_.Layer):$($_.Filter) $($_.MapLayer)" } | Should -Be 'conv2:0 relu1', 'conv2:3 relu1'
    }

    It 'takes photos from the pipeline, and the model that was imported last' {
        $last = Import-CnnModel $TestDrive/model.onnx -Preprocessing Unit
        (Get-ChildItem $photos | Measure-CnnAttribution -Class 0, 1 -MapLayer conv1 -WarningAction Ignore).Count | Should -Be 6
        $last.Dispose()
    }

    It 'gives maps that are written with their facts' {
        $files = $model | Measure-CnnAttribution $photos/*0.png red -WarningAction Ignore | Export-FilterImage $TestDrive/out -PassThru
        $files.Name | Should -Be conv1_0000_red_GradCam.png
        $text = Get-PngText $files
        $text.Title | Should -Be 'model classifier filter 0 (red): Grad-CAM of conv2 over conv1_0000.png'
        ($text.CnnViz | ConvertFrom-Json).mapLayer | Should -Be conv2
        (Get-PngText ($model | Measure-CnnAttribution $photos/*0.png red -Method Occlusion | Export-FilterImage $TestDrive/out -PassThru)).Title |
            Should -Be 'model classifier filter 0 (red): occlusion over conv1_0000.png'
    }

    It 'writes files of classes and methods that do not replace each other' {
        $files = $model | Measure-CnnAttribution $photos/*0.png red, blue -WarningAction Ignore | Export-FilterImage "$TestDrive/same/x.png" -PassThru
        $files.Name | Should -Be x.png, x_0002.png
    }

    It 'warns where nothing speaks for the class' {
        $map = $model | Measure-CnnAttribution $photos/*0.png blue -WarningVariable warnings -WarningAction SilentlyContinue
        $map.HasSignal | Should -BeFalse
        $warnings | Should -BeLike "Nothing in 'conv1_0000.png' speaks for 'blue'*"
    }

    It 'is plain data in a job, and small as JSON' {
        $map = $model | Measure-CnnAttribution $photos/*0.png red
        $json = $map | ConvertTo-Json -WarningVariable warnings -WarningAction SilentlyContinue
        $warnings | Should -BeNullOrEmpty
        $json.Length | Should -BeLessThan 2000
        ($json | ConvertFrom-Json).Method | Should -Be GradCam
    }
}

Describe 'An error of Measure-CnnAttribution' {
    It 'is <Id> for <What>' -ForEach @(
        @{ What = 'a class that is not there'; Id = 'ClassNotFound'; Call = { $model | Measure-CnnAttribution $photos/*0.png purple } }
        @{ What = 'a layer that is not there'; Id = 'LayerNotFound'; Call = { $model | Measure-CnnAttribution $photos/*0.png red -MapLayer nowhere } }
        @{ What = 'a layer without maps'; Id = 'NoMap'; Call = { $model | Measure-CnnAttribution $photos/*0.png red -MapLayer pool } }
        @{ What = 'a layer behind the filter'; Id = 'LayerNotBefore'; Call = { $model | Get-CnnLayer conv1 | Get-CnnFilter 0 | Measure-CnnAttribution -Path $photos/*0.png -MapLayer conv2 } }
        @{ What = 'a square that is too large'; Id = 'WindowTooLarge'; Call = { $model | Measure-CnnAttribution $photos/*0.png red -Method Occlusion -WindowSize 33 } }
        @{ What = 'a window for Grad-CAM'; Id = 'MethodMismatch'; Call = { $model | Measure-CnnAttribution $photos/*0.png red -WindowSize 3 } }
        @{ What = 'a layer for occlusion'; Id = 'MethodMismatch'; Call = { $model | Measure-CnnAttribution $photos/*0.png red -Method Occlusion -MapLayer conv1 } }
        @{ What = 'a file that is no photo'; Id = 'PictureUnreadable'; Call = { $model | Measure-CnnAttribution $TestDrive/model.onnx red } }
    ) {
        Get-FailureId $Call | Should -Be $Id
    }

    It 'is one for a photo that cannot be read, and the others go on' {
        $found = $model | Measure-CnnAttribution "$TestDrive/classes.txt", $photos red -WarningAction Ignore -ErrorVariable failures -ErrorAction SilentlyContinue
        $found | Should -HaveCount 3
        $failures.FullyQualifiedErrorId | Should -BeLike 'PictureUnreadable,*'
        $failures.TargetObject | Should -BeLike *classes.txt
    }
}

Describe 'While Measure-CnnAttribution runs' {
    It 'progress counts runs, and is completed' {
        $run = Watch-Pipeline { $using:model | Measure-CnnAttribution $using:photos red -Method Occlusion -WarningAction Ignore }
        $records = @($run.Progress | Where-Object Activity -EQ 'Explaining model')
        $records.Count | Should -BeGreaterThan 1
        $records[-1].RecordType | Should -Be Completed
        $records[0].StatusDescription | Should -Match '^\d+ of \d+ runs done; conv1_'
    }

    It 'a stop is answered at once' {
        Measure-Stop { $using:model | Measure-CnnAttribution $using:photos -Method Occlusion -WindowSize 2 -Stride 1 -BatchSize 1 -Class * } | Should -BeLessThan 3
    }
}
