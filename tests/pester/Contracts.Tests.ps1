# What holds for every cmdlet and everything that cmdlets put out. The tables are made of the module, so a new cmdlet is in them by itself.
# What help must say is in Help.Tests.ps1.
BeforeDiscovery {
    Import-Module $PSScriptRoot/../../CnnViz.psd1
    $common = [Management.Automation.PSCmdlet]::CommonParameters
    $cmdlets = foreach ($cmdlet in (Get-Module CnnViz).ExportedCmdlets.Values) {
        @{
            Name   = $cmdlet.Name
            Cmdlet = $cmdlet
            Own    = $cmdlet.Parameters.Values.Where{ $_.Name -notin $common }
            Writes = $cmdlet.Parameters.ContainsKey('WhatIf')
        }
    }

    $types = $cmdlets.Cmdlet.OutputType.Type | Where-Object Namespace -Like 'CnnViz*' | Sort-Object FullName -Unique |
        ForEach-Object { @{ Name = $_.Name; Type = $_ } }
    $concrete = $types.Type[0].Assembly.GetTypes().Where{
        $candidate = $_
        -not $candidate.IsAbstract -and $types.Type.Where{ $_.IsAssignableFrom($candidate) }
    }.ForEach{ @{ Name = $_.Name; Type = $_ } }
}

Describe '<Name>' -ForEach $cmdlets {
    It 'has an approved verb, a singular noun and an output type' {
        $Cmdlet.Verb | Should -BeIn (Get-Verb).Verb

        # An atlas is one.
        $Cmdlet.Noun | Should -Not -Match '(?<!a)s$'
        $Cmdlet.OutputType | Should -Not -BeNullOrEmpty
    }

    It 'has a name that nothing else in the session has' {
        @(Get-Command $Name -All).Count | Should -Be 1
    }

    It 'has a suite of its own' {
        "$PSScriptRoot/$Name.Tests.ps1" | Should -Exist
    }

    It 'has help that links to more' {
        (Get-Help $Name -Full).relatedLinks.navigationLink | Should -Not -BeNullOrEmpty
    }

    It 'asks first where it writes, but never by itself, and replaces files when forced' {
        if ($Cmdlet.Verb -in 'Export', 'Save', 'Set', 'Remove', 'Out', 'Clear', 'Update') {
            $Cmdlet.Parameters.Keys | Should -Contain WhatIf
        }

        # What only removes, replaces nothing.
        if ($Writes -and $Cmdlet.Verb -ne 'Uninstall') {
            $Cmdlet.Parameters.Keys | Should -Contain Force
        }

        $attribute = $Cmdlet.ImplementingType.GetCustomAttributes($true).Where{ $_ -is [Management.Automation.CmdletAttribute] }
        $attribute.ConfirmImpact | Should -BeLessOrEqual ([Management.Automation.ConfirmImpact]::Medium)
    }

    It 'takes wildcards by -Path and a literal path beside it, where it reads' {
        if ($Cmdlet.Parameters.ContainsKey('Path') -and -not $Writes) {
            $Cmdlet.Parameters['Path'].Attributes.Where{ $_ -is [SupportsWildcards] } | Should -HaveCount 1
            $literal = $Cmdlet.Parameters['LiteralPath']
            $literal.Aliases | Should -Contain PSPath
            $literal.ParameterSets.Values.ValueFromPipelineByPropertyName | Should -Contain $true
        }
    }

    It 'completes what names something that the session or the module knows' {
        $naming = 'Name', 'Kind', 'Filter', 'Index', 'Class', 'ClassName', 'Layer', 'Architecture', 'Recipe', 'Family', 'Device', 'Preprocessing', 'Format'
        $without = $Own.Where{
            $type = $_.ParameterType.IsArray ? $_.ParameterType.GetElementType() : ([Nullable]::GetUnderlyingType($_.ParameterType) ?? $_.ParameterType)
            $_.Name -in $naming -and $type -in [string], [int] -and
                -not $_.Attributes.Where{ $_ -is [ArgumentCompleter] -or $_ -is [ValidateSet] }
        }

        # What New-CnnRecipe names is new.
        $without.Name.Where{ "$Name -$_" -ne 'New-CnnRecipe -Name' } | Should -BeNullOrEmpty
    }

    It 'does not ask at the prompt for objects that nobody can type' {
        $default = $Cmdlet.ParameterSets.Where{ $_.IsDefault -or $Cmdlet.ParameterSets.Count -eq 1 }
        $asked = $default.Parameters.Where{ $_.IsMandatory }.ForEach{ $_.ParameterType.IsArray ? $_.ParameterType.GetElementType() : $_.ParameterType }
        $asked.Where{ $_.Namespace -like 'CnnViz*' -and -not $_.IsEnum } | Should -BeNullOrEmpty
    }

    It 'does not take an object of the module for a text' {
        foreach ($parameter in $Own.Where{ $_.ParameterType -in [string], [string[]] -and $_.ParameterSets.Values.Position -eq 0 }) {
            $arguments = @{ $parameter.Name = [CnnViz.Ascent.Recipe]::Robust }
            { & $Name @arguments -ErrorAction Stop } | Should -Throw '*A Recipe is not a text*'
        }
    }

    It 'has parameters whose names and aliases do not clash' {
        $names = $Cmdlet.Parameters.Values.ForEach{ $_.Name; $_.Aliases }
        $names | Sort-Object -Unique | Should -HaveCount $names.Count
        $Cmdlet.Parameters.Keys | ForEach-Object { $_ | Should -MatchExactly '^[A-Z][A-Za-z0-9]*$' }
    }

    It 'has no switch that is on by itself' {
        $instance = [Activator]::CreateInstance($Cmdlet.ImplementingType)
        $on = $Cmdlet.ImplementingType.GetProperties().Where{ $_.PropertyType -eq [switch] -and $_.GetValue($instance) }
        $on.Name | Should -BeNullOrEmpty
        if ($instance -is [IDisposable]) {
            $instance.Dispose()
        }
    }
}

Describe 'The cmdlets' {
    BeforeAll {
        $cmdlets = (Get-Module CnnViz).ExportedCmdlets.Values
        $manifest = Import-PowerShellDataFile $PSScriptRoot/../../CnnViz.psd1
    }

    It 'are those of the assembly, in the manifest in order' {
        $inAssembly = @($cmdlets)[0].ImplementingType.Assembly.GetTypes().ForEach{
            $_.GetCustomAttributes($false).Where{ $_ -is [Management.Automation.CmdletAttribute] }.ForEach{ "$($_.VerbName)-$($_.NounName)" }
        }
        [string[]]$expected = $inAssembly
        [array]::Sort($expected, [StringComparer]::Ordinal)
        $manifest.CmdletsToExport | Should -Be $expected
        $cmdlets.Name | Sort-Object | Should -Be ($expected | Sort-Object)
    }

    It '<_> says what is missing where nothing comes through the pipeline' -ForEach @(
        'Get-CnnFilter', 'Invoke-FilterMaximization', 'New-CnnObjective', 'Export-FilterImage', 'Export-FilterSheet', 'Export-FilterAnimation',
        'Show-FilterImage', 'Measure-FilterImage'
    ) {
        $failure = { & $_ } | Should -Throw -PassThru
        $failure.FullyQualifiedErrorId | Should -Match '^No(Layer|Picture),'
        $failure.ErrorDetails.RecommendedAction | Should -BeLike "Pipe it in, as in: * | $_*"
    }

    It 'mean the quality of a format by -Quality' {
        $cmdlets.Where{ $_.Parameters.ContainsKey('Quality') }.ForEach{ $_.Parameters['Quality'].ParameterType } | Sort-Object -Unique | Should -Be ([int])
    }

    It 'have no aliases' {
        $manifest.AliasesToExport | Should -HaveCount 0
        (Get-Module CnnViz).ExportedAliases.Count | Should -Be 0
    }

    It 'complete paths of models, and of pictures in templates' {
        foreach ($name in 'Import-CnnModel', 'Export-FilterImage') {
            (Get-Command $name).Parameters['Path'].Attributes.Where{ $_ -is [ArgumentCompleter] } | Should -HaveCount 1
        }
    }
}

Describe 'The output type <Name>' -ForEach $types {
    BeforeAll {
        [xml]$format = Get-Content $PSScriptRoot/../../module/CnnViz.Format.ps1xml -Raw
        $own = $format.SelectNodes('//View').Where{ $Type.FullName -in $_.SelectNodes('.//TypeName').InnerText }
    }

    It 'has one table of two to five columns' {
        $table = @($own.Where{ $_.TableControl })
        $table | Should -HaveCount 1
        $headers = $table[0].SelectNodes('.//TableColumnHeader').Count
        $headers | Should -BeIn (2..5)
        $table[0].SelectNodes('.//TableColumnItem').Count | Should -Be $headers
    }

    It 'has one list' {
        $list = @($own.Where{ $_.ListControl })
        $list | Should -HaveCount 1
        $list[0].SelectNodes('.//ListItem').Count | Should -BeIn (3..40)
    }

    It 'has the properties that are shown: a misspelt one would be an empty column' {
        $shown = @($own.ForEach{ $_.SelectNodes('.//PropertyName').InnerText } | Sort-Object -Unique)
        $shown += $own.Where{ $_.TableControl }.ForEach{ $_.SelectNodes('.//TableColumnHeader').Label }
        @($shown).Where{ $_ -and -not $Type.GetProperty($_) } | Should -BeNullOrEmpty
    }
}

Describe 'What is put out as <Name>' -ForEach $concrete {
    It 'says what it is, in words of its own' {
        $text = $Type.GetMethod('ToString', [Type]::EmptyTypes)
        $text.DeclaringType | Should -Not -Be ([object])

        # A record's own text is a list of its properties.
        $text.GetCustomAttributes($false).Where{ $_ -is [Runtime.CompilerServices.CompilerGeneratedAttribute] } | Should -BeNullOrEmpty
    }
}
