BeforeDiscovery {
    $names = 'Classic', 'ClassicClass', 'DeepDream', 'Natural', 'NaturalClass', 'Reference', 'ReferenceClass', 'Robust', 'RobustClass'
}

BeforeAll {
    Import-Module $PSScriptRoot/../../CnnViz.psd1
    . $PSScriptRoot/TinyModel.ps1
    New-TinyModel -Path $TestDrive/model.onnx
    $model = Import-CnnModel $TestDrive/model.onnx
    $layer = $model | Get-CnnLayer conv2

    function Get-Bytes($Image) {
        Remove-Item $TestDrive/same.png -ErrorAction Ignore
        $null = $Image | Export-FilterImage $TestDrive/same.png
        (Get-FileHash $TestDrive/same.png).Hash
    }
}

Describe 'New-CnnRecipe' {
    It 'changes numbers of a recipe, and leaves the others and the recipe itself as they are' {
        $robust = New-CnnRecipe Robust
        $recipe = New-CnnRecipe -From $robust -Steps 64 -Decay 1.1 -Zoom 0.7, 1.4 -Views 2
        $recipe.Steps, $recipe.Image.Decay, $recipe.Views.MinZoom, $recipe.Views.MaxZoom, $recipe.Views.Count | Should -Be 64, 1.1, 0.7, 1.4, 2
        $recipe.Update | Should -Be $robust.Update
        $robust | Should -Be (New-CnnRecipe)
        "$recipe" | Should -Be 'Robust (Steps 64, Decay 1.1, Views 2, Zoom 0.7, 1.4)'
    }

    It 'has a parameter for each setting that a recipe has, and none besides' {
        $settings = [CnnViz.Ascent.Recipe].Assembly.GetType('CnnViz.Ascent.RecipeSetting')::All.Name
        $own = (Get-Command New-CnnRecipe).Parameters.Keys.Where{ $_ -notin [System.Management.Automation.Cmdlet]::CommonParameters }
        $own | Should -Be (@('From', 'Name') + $own.Where{ $_ -in $settings })
        $settings | Where-Object { $_ -notin $own } | Should -BeNullOrEmpty
    }

    It 'compares by numbers' {
        New-CnnRecipe Robust -Decay 1.1 | Should -Be (New-CnnRecipe @{ Decay = 1.1 })
        (New-CnnRecipe Robust -Decay 1.1) -eq (New-CnnRecipe Robust) | Should -BeFalse
    }

    It 'takes away what may be absent' {
        (New-CnnRecipe Classic).Image.Contrast | Should -Be ([float]0.15)
        (New-CnnRecipe Classic -Contrast $null).Image.Contrast | Should -BeNullOrEmpty
        (New-CnnRecipe (New-CnnRecipe -Size 32) -Size $null).Size | Should -BeNullOrEmpty
    }

    It 'reads <_> back from JSON, however that comes' -ForEach $names {
        $recipe = New-CnnRecipe $_
        $recipe | ConvertTo-Json -WarningAction Stop | Set-Content $TestDrive/recipe.json
        Get-Content $TestDrive/recipe.json | ConvertFrom-Json | New-CnnRecipe | Should -Be $recipe
        New-CnnRecipe (Get-Content $TestDrive/recipe.json -Raw | ConvertFrom-Json -AsHashtable) | Should -Be $recipe
        New-CnnRecipe (Get-Content $TestDrive/recipe.json -Raw) | Should -Be $recipe
        New-CnnRecipe (Get-Content $TestDrive/recipe.json) | Should -Be $recipe
    }

    It 'reads a recipe that has been in another process' {
        $job = Start-Job {
            Import-Module "$using:PSScriptRoot/../../CnnViz.psd1"
            New-CnnRecipe Natural -Size 32, 48 -Decay 1.5
            Import-CnnModel $using:TestDrive/model.onnx | Get-CnnLayer conv2 | Invoke-FilterMaximization 0 -Steps 2
        }
        $recipe, $image = $job | Receive-Job -Wait -AutoRemoveJob
        New-CnnRecipe $recipe | Should -Be (New-CnnRecipe Natural -Size 32, 48 -Decay 1.5)
        New-CnnRecipe $image.Recipe | Should -Be ($layer | Invoke-FilterMaximization 0 -Steps 2).Recipe
    }

    It 'finds the pictures of a spectrum, as whole paths' {
        Copy-Item $PSScriptRoot/../../docs/images/classes/m*.webp (New-Item $TestDrive/photos -ItemType Directory)
        Push-Location $TestDrive
        try {
            $recipe = New-CnnRecipe Natural -Spectrum photos/*.webp
            $recipe | Should -Be (New-CnnRecipe @{ From = 'Natural'; Spectrum = 'photos' })
        }
        finally {
            Pop-Location
        }

        $recipe.Spectrum | Should -Be (Get-ChildItem $TestDrive/photos/*.webp).FullName
        $recipe | ConvertTo-Json | ConvertFrom-Json | New-CnnRecipe | Should -Be $recipe
        { New-CnnRecipe Natural -Spectrum nowhere/*.png } | Should -Throw -ErrorId 'PathNotFound,*'
    }

    It 'refuses <Name>' -ForEach @(
        @{ Name = 'Decay 5'; Arguments = @{ Decay = 5 }; Id = 'RecipeValueOutOfRange,*' }
        @{ Name = 'Steps 0'; Arguments = @{ Steps = 0 }; Id = 'RecipeValueOutOfRange,*' }
        @{ Name = 'StepSize 0'; Arguments = @{ StepSize = 0 }; Id = 'RecipeValueOutOfRange,*' }
        @{ Name = 'BorderPixels -1'; Arguments = @{ BorderPixels = -1 }; Id = 'RecipeValueOutOfRange,*' }
        @{ Name = 'Crop 0.01'; Arguments = @{ Crop = 0.01 }; Id = 'RecipeValueOutOfRange,*' }
        @{ Name = 'Crop 0.5, 0.4, 0.3'; Arguments = @{ Crop = 0.5, 0.4, 0.3 }; Id = 'RecipeValueInvalid,*' }
        @{ Name = 'ViewSize 0, 3'; Arguments = @{ ViewSize = 0, 3 }; Id = 'RecipeValueOutOfRange,*' }
        @{ Name = 'Stretch 50'; Arguments = @{ Stretch = 50 }; Id = 'RecipeValueOutOfRange,*' }
        @{ Name = 'Octaves 3'; Arguments = @{ Octaves = 3 }; Id = 'RecipeSettingUnsuitable,*' }
        @{ Name = 'Rotation 3'; Arguments = @{ From = 'DeepDream'; Rotation = 3 }; Id = 'RecipeSettingUnsuitable,*' }
    ) {
        { New-CnnRecipe @Arguments } | Should -Throw -ErrorId $Id

        # A hashtable follows the same rules.
        { $layer | Invoke-FilterMaximization 0 -Recipe $Arguments } | Should -Throw -ErrorId 'ParameterArgumentTransformationError,*'
    }

    It 'offers names, and shows the numbers' {
        (TabExpansion2 'New-CnnRecipe -From ').CompletionMatches.CompletionText | Should -Be $names
        (TabExpansion2 'New-CnnRecipe -From nat').CompletionMatches.CompletionText | Should -Be 'Natural', 'NaturalClass'
        (New-CnnRecipe Natural | Out-String -Width 300) | Should -BeLike '*Crop 0.5, 0.35, CropSpread 0.05*'
        (New-CnnRecipe DeepDream | Out-String) | Should -Not -BeLike '*Rotation*'
        (New-CnnRecipe Natural | Format-Table | Out-String) | Should -BeLike '*Natural*256*UpdateRule NAdam*'
    } -ForEach @{ names = $names }
}

Describe '-Recipe' {
    It 'takes a name, a recipe, a hashtable or JSON, which all come to the same' {
        $recipe = New-CnnRecipe Classic -Steps 3 -Contrast 0.2
        $pictures = foreach ($given in $recipe, @{ From = 'Classic'; Steps = 3; Contrast = 0.2 }, ($recipe | ConvertTo-Json)) {
            $layer | Invoke-FilterMaximization 1 -Recipe $given
        }
        $pictures += $layer | Invoke-FilterMaximization 1 -Recipe @{ From = 'Classic'; Contrast = 0.2 } -Steps 3
        $pictures | ForEach-Object { Get-Bytes $_ } | Select-Object -Unique | Should -HaveCount 1
        $pictures[0].Recipe.Size.ToString() | Should -Be $pictures[0].Size
    }

    It 'repeats a picture by its recipe: <Name>' -ForEach @(
        @{ Name = 'Robust'; Recipe = 'Robust' }
        @{ Name = 'Natural'; Recipe = 'Natural' }
        @{ Name = 'Classic'; Recipe = 'Classic' }
        @{ Name = 'a border of its own'; Recipe = @{ From = 'Classic'; BorderPixels = 1; Size = 20, 24 } }
        @{ Name = 'a step size that depends on the size'; Recipe = @{ UpdateRule = 'Ascent'; GradientNormalization = 'L2' } }
        @{ Name = 'views of a size of their own'; Recipe = @{ ViewSize = 20; Size = 30 } }
    ) {
        $image = $layer | Invoke-FilterMaximization 1 -Recipe $Recipe -Steps 12 -Seed 5
        $again = $layer | Invoke-FilterMaximization 1 -Recipe $image.Recipe -Seed 5
        $again.Recipe | Should -Be $image.Recipe
        $again.Activations | Should -Be $image.Activations

        $bytes = Get-Bytes $image
        Get-Bytes $again | Should -Be $bytes
        $file = Import-FilterImage $TestDrive/same.png
        $file.Recipe | Should -Be $image.Recipe
        Get-Bytes ($layer | Invoke-FilterMaximization 1 -Recipe $file.Recipe -Seed $file.Seed) | Should -Be $bytes
        Get-Bytes ($layer | Invoke-FilterMaximization 1 -Recipe ($image.Recipe | ConvertTo-Json) -Seed 5) | Should -Be $bytes
    }

    It 'repeats a dream by its recipe' {
        Copy-Item $PSScriptRoot/../../docs/images/classes/mink.webp $TestDrive/mink.webp
        $dream = @{ OctaveScale = 1.7; DreamJitter = 3; TileSize = 64 }
        $image = $layer | Invoke-DeepDream $TestDrive/mink.webp -Recipe $dream -Steps 1 -Octaves 2 -Strength 0.5 -Seed 2
        $image.Recipe.Dream.OctaveScale | Should -Be 1.7
        $image.Recipe.Update.StepSize | Should -Be ([float](0.75 / 255))
        $bytes = Get-Bytes $image
        Get-Bytes ($layer | Invoke-DeepDream $TestDrive/mink.webp -Recipe $image.Recipe -Seed 2) | Should -Be $bytes
    }

    It 'says that the pictures of a spectrum are not there' {
        $image = $layer | Invoke-FilterMaximization 1 -Steps 2 -Recipe @{
            From = 'Natural'; Spectrum = "$PSScriptRoot/../../docs/images/classes/mink.webp"
        }
        $null = $image | Export-FilterImage $TestDrive/spectrum.png
        $file = Import-FilterImage $TestDrive/spectrum.png
        { $layer | Invoke-FilterMaximization 1 -Recipe $file.Recipe -ErrorAction Stop } | Should -Throw -ErrorId 'PathNotFound,*'
    }

    It 'means the numbers for classes where classes are raised' {
        $image = $model | Invoke-ClassMaximization 3 -Layer classifier -Recipe @{ From = 'Robust'; Steps = 2 }
        $image.Recipe.Name | Should -Be 'RobustClass'
        $image.Recipe.Penalties | Should -Be (New-CnnRecipe RobustClass).Penalties
        $own = $model | Invoke-ClassMaximization 3 -Layer classifier -Recipe (New-CnnRecipe Robust -Steps 2)
        $own.Recipe.Name | Should -Be 'Robust'
    }

    It 'tells what was wrong in one error: <Error>' -ForEach @(
        @{ Recipe = @{ Decya = 1.1 }; Error = "*no 'Decya'. Nearest: 'Decay'*" }
        @{ Recipe = 'Robsut'; Error = "*no recipe 'Robsut'. Nearest: 'Robust'*" }
        @{ Recipe = @{ UpdateRule = 'Adm' }; Error = '*Adm*UpdateRule*Ascent, Momentum, Adam, NAdam*' }
        @{ Recipe = @{ Decay = 9 }; Error = '*Decay 9*from 0 to 4*' }
        @{ Recipe = 5; Error = "*'5' is not a recipe*" }
        @{ Recipe = '{ "Steps": }'; Error = '*not the JSON object*' }
    ) {
        { $layer | Invoke-FilterMaximization 0 -Recipe $Recipe } | Should -Throw $Error -ErrorId 'ParameterArgumentTransformationError,*'
    }

    It 'tells dreams from ascents' {
        { $layer | Invoke-FilterMaximization 0 -Recipe DeepDream } | Should -Throw -ErrorId 'RecipeIsForDreams,*'
        { $layer | Invoke-DeepDream $TestDrive/mink.webp -Recipe Robust } | Should -Throw -ErrorId 'RecipeIsNotForDreams,*'
    }

    It 'goes on with what comes next in a pipeline' {
        $recipes = 'Robust', 'Nothing', 'Classic' | New-CnnRecipe -ErrorVariable failed -ErrorAction SilentlyContinue
        $recipes.Name | Should -Be 'Robust', 'Classic'
        $failed | Should -HaveCount 1
    }
}
