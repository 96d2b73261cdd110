BeforeAll {
    Import-Module $PSScriptRoot/../../CnnViz.psd1
    . $PSScriptRoot/TinyModel.ps1
    . $PSScriptRoot/Failures.ps1
    New-TinyModel -Path $TestDrive/model.onnx
    $model = Import-CnnModel $TestDrive/model.onnx
    $layer = $model | Get-CnnLayer conv1
    $photo = "$TestDrive/photo.png"
    $layer | Invoke-FilterMaximization 3 -Steps 10 | Export-FilterImage $photo
}

Describe 'New-CnnObjective' {
    It 'takes all that names a filter' {
        $image = $layer | Invoke-FilterMaximization 1 -Steps 1 -Size 16
        $image, [pscustomobject]@{ Layer = 'conv1'; Filter = 2 } | New-CnnObjective -Model $model | ForEach-Object ToString | Should -Be conv1:1, conv1:2
    }

    It 'makes one of a layer or of each of its filters' {
        "$($layer | New-CnnObjective)" | Should -Be 'conv1'
        ($layer | New-CnnObjective -Filter 0, 3 | ForEach-Object ToString) | Should -Be 'conv1:0', 'conv1:3'
        ($layer | Get-CnnFilter 5 | New-CnnObjective | ForEach-Object ToString) | Should -Be 'conv1:5'
    }

    It 'makes what is added and multiplied' {
        $a, $b = $layer | New-CnnObjective -Filter 1, 2
        $objective = $a + $b * -0.5
        "$objective" | Should -Be 'conv1:1 - 0.5 * conv1:2'
        $image = $objective | Invoke-FilterMaximization -Steps 2 -Size 16
        $image.Objective | Should -Be "$objective"
        $image.Filter | Should -BeNullOrEmpty
    }

    It 'is not needed for layers and filters, which are objectives as they are' {
        $filter = $layer | Get-CnnFilter 2
        $images = Invoke-FilterMaximization -Objective $filter, $layer, (($layer | New-CnnObjective -Filter 1) + $filter) -Steps 2
        $images.Objective | Should -Be 'conv1:2', 'conv1', 'conv1:1 + conv1:2'
        $images[0].Filter | Should -Be 2
        $images[1].Filter | Should -BeNullOrEmpty
        $images[2].Filter | Should -BeNullOrEmpty
    }

    It 'makes a difference, which raises one and lowers the other' {
        $red, $bright = $layer | New-CnnObjective -Filter 0, 6
        $image = Invoke-FilterMaximization -Objective ($red - $bright) -Steps 40
        $image.Activation | Should -BeGreaterThan $image.Activations[0]
    }

    It 'looks at one part of the map' {
        "$($layer | New-CnnObjective -Filter 0 -Center)" | Should -Be 'conv1:0[center]'
    }

    It 'makes pictures that are to differ climb together' {
        $filter = $layer | New-CnnObjective -Filter 7
        $images = Invoke-FilterMaximization -Objective ($filter + ($layer | New-CnnObjective -Diversity) * 5) -Count 2 -Steps 30
        $images.Seed | Should -Be 0, 1
        $images.Objective | Should -Be (@('conv1:7 + 5 * diversity(conv1)') * 2)
    }

    It 'exaggerates a picture' {
        $image = $layer | New-CnnObjective -Caricature $photo -CosinePower 1 | Invoke-FilterMaximization -Steps 30
        $image.Objective | Should -Be 'caricature(conv1, photo.png)'
        $image.Status | Should -Be StepLimit
    }

    It 'keeps a picture' {
        $objective = ($layer | New-CnnObjective -Filter 0) + ($layer | New-CnnObjective -Likeness $photo) * 5
        $image = Invoke-FilterMaximization -Objective $objective -InitialImage $photo -Steps 10
        $image.Objective | Should -Be 'conv1:0 + 5 * likeness(conv1, photo.png)'
        $image.Status | Should -Be StepLimit
    }
}

Describe 'New-CnnObjective -ScriptBlock' {
    It 'gets the activations as <As>' -ForEach @(
        @{ As = '$_'; Block = { $_.select(1, 0).mean() }; Count = 3 }
        @{ As = 'a parameter'; Block = { param($activations) $activations.select(1, 0).mean() * 2 }; Count = 1 }
    ) {
        $images = @($layer | New-CnnObjective -ScriptBlock $Block | Invoke-FilterMaximization -Recipe Classic -Steps 30 -Count $Count)
        $images | Should -HaveCount $Count
        foreach ($image in $images) {
            $image.Activation | Should -BeGreaterThan $image.Activations[0]
            $image.Objective | Should -BeLike 'script(conv1: *.select*'
        }
    }

    It 'writes one error, <Id>, where it <What>' -ForEach @(
        @{ What = 'throws'; Block = { throw 'no' }; Id = 'ObjectiveScriptFailed' }
        @{ What = 'gives a number'; Block = { 3 }; Id = 'ObjectiveScriptInvalid' }
        @{ What = 'gives many values'; Block = { $_ }; Id = 'ObjectiveScriptInvalid' }
        @{ What = 'gives what has no gradient'; Block = { $_.detach().mean() }; Id = 'ObjectiveScriptInvalid' }
    ) {
        Get-FailureId { $layer | New-CnnObjective -ScriptBlock $Block | Invoke-FilterMaximization -Steps 3 } | Should -Be $Id
    }
}

Describe 'An error of New-CnnObjective' {
    It 'is one for a filter that is not there, and the others go on' {
        $found = $layer | New-CnnObjective -Filter 99, 1 -ErrorVariable failed -ErrorAction SilentlyContinue
        "$found" | Should -Be 'conv1:1'
        $failed | Should -HaveCount 1
        $failed[0].FullyQualifiedErrorId | Should -BeLike 'FilterOutOfRange,*'
    }

    It 'is <Id> for <What>' -ForEach @(
        @{ Id = 'PathNotFound'; What = 'a picture that is not there'; Script = { $layer | New-CnnObjective -Caricature nowhere.png } }
        @{ Id = 'DirectionMismatch'; What = 'a direction of too few numbers'; Script = { $layer | New-CnnObjective -Direction 1, 2 } }
        @{ Id = 'RegionOutOfMap'; What = 'a region beyond the map'; Script = { $layer | New-CnnObjective -Filter 0 -Region 0.5, 0.5, 0.6, 0.1 } }
        @{ Id = 'ObjectiveAmbiguous'; What = 'two parts of the map'; Script = { $layer | New-CnnObjective -Filter 0 -Center -Position 1, 1 } }
        @{ Id = 'PositionOutOfMap'; What = 'a place beyond the map, once it is known'; Script = {
                $layer | New-CnnObjective -Filter 0 -Position 99, 0 | Invoke-FilterMaximization -Steps 2
            }
        }
    ) {
        Get-FailureId $Script | Should -Be $Id
    }
}
