BeforeAll { . $PSScriptRoot/TestSetup.ps1 }
AfterAll { Restore-Environment }

Describe 'Add-ArtifactObject' {
    BeforeAll {
        $rows = @(
            [pscustomobject]@{ Name = 'größe 日本'; Amount = 3; Ratio = 0.5; Flag = $true; When = [DateTime]::new(2024, 6, 1) }
            [pscustomobject]@{ Name = 'a "quoted", line'; Amount = -1; Ratio = 1e10; Flag = $false; When = $null }
        )
        function Get-Published($Draft, $Path) {
            Publish-Artifact $Draft | Get-ArtifactContent -Path $Path -As Object
        }
    }

    BeforeEach { $draft = New-Artifact ('objects-' + [IO.Path]::GetRandomFileName()) table }

    It 'writes all piped objects to one file, without output' {
        $rows | Add-ArtifactObject rows.json -Artifact $draft | Should -BeNullOrEmpty

        (Get-ArtifactEntry $draft).EntryPath | Should -Be rows.json
    }

    It 'preserves values and types in JSON' {
        $rows | Add-ArtifactObject rows.json -Artifact $draft
        $back = Get-Published $draft rows.json

        $back.Name | Should -BeExactly $rows.Name
        $back.Amount | Should -Be 3, -1
        $back[0].Ratio | Should -Be 0.5
        $back.Flag | Should -Be $true, $false
        $back[0].When | Should -Be ([DateTime]::new(2024, 6, 1))
        $back[1].When | Should -BeNullOrEmpty
    }

    It 'preserves texts in CSV with columns for all properties' {
        $rows + [pscustomobject]@{ Name = "third`nline"; Extra = 'x' } | Add-ArtifactObject rows.csv -Artifact $draft
        $back = Get-Published $draft rows.csv

        $back.Name | Should -BeExactly ($rows.Name + "third`nline")
        $back[0].Ratio | Should -Be '0.5'
        $back[2].Extra | Should -Be x
        $back[0].PSObject.Properties['Extra'].Value | Should -BeNullOrEmpty
    }

    It 'preserves types in CliXml for one and several objects' {
        $nested = 1, 2 | ForEach-Object { [pscustomobject]@{ Span = [TimeSpan]::FromMinutes($_); Inner = [pscustomobject]@{ Deep = $_ } } }
        $nested | Add-ArtifactObject several.clixml -Artifact $draft
        $nested[0] | Add-ArtifactObject one.clixml -Artifact $draft
        $version = Publish-Artifact $draft
        $several = $version | Get-ArtifactContent -Path several.clixml -As Object
        $one = $version | Get-ArtifactContent -Path one.clixml -As Object

        $several[1].Span | Should -Be ([TimeSpan]::FromMinutes(2))
        $several[1].Inner.Deep | Should -Be 2
        $one.Inner.Deep | Should -Be 1
        [datetime] '2026-01-02', 1.5, 7 | Add-ArtifactObject values.clixml -Artifact ($values = New-Artifact values table)
        (Get-Published $values values.clixml | ForEach-Object { $_.GetType().Name }) | Should -Be DateTime, Double, Int32
    }

    It 'writes lines of text' {
        'one', 'zwei größe', '' | Add-ArtifactObject notes.txt -Artifact $draft

        Get-Published $draft notes.txt | Should -Be one, 'zwei größe', ''
    }

    It 'uses the format that -As names' {
        $rows | Add-ArtifactObject 'data/rows.dat' -As Csv -Artifact $draft
        $version = Publish-Artifact $draft

        ($version | Get-ArtifactContent -Path data/rows.dat -As Csv).Amount | Should -Be 3, -1
    }

    It 'writes the items of a list given as -InputObject' {
        Add-ArtifactObject rows.json -InputObject $rows -Artifact $draft

        (Get-Published $draft rows.json).Amount | Should -Be 3, -1
    }

    It 'adds to a draft from the pipeline and outputs it' {
        $version = $draft | Add-ArtifactObject rows.json -InputObject $rows | Publish-Artifact

        ($version | Get-ArtifactEntry).EntryPath | Should -Be rows.json
    }

    It 'outputs a draft given as -Artifact only with -PassThru' {
        $rows | Add-ArtifactObject rows.json -Artifact $draft -PassThru | Should -Be $draft
    }

    It 'writes equal content for equal objects' {
        $rows | Add-ArtifactObject a.json -Artifact $draft
        $rows | Add-ArtifactObject b.json -Artifact $draft

        @((Get-ArtifactEntry $draft).Digest | Select-Object -Unique).Count | Should -Be 1
    }

    It 'creates an empty file without input' {
        @() | Add-ArtifactObject nothing.json -Artifact $draft

        Get-Published $draft nothing.json | Should -BeNullOrEmpty
    }

    It 'warns about objects nested deeper than -Depth' {
        $deep = [Exception]::new('1', [Exception]::new('2', [Exception]::new('3', [Exception]::new('4', [Exception]::new('5')))))
        $deep | Add-ArtifactObject deep.json -Artifact $draft -WarningVariable warnings -WarningAction SilentlyContinue
        $warnings | Should -BeLike '*-Depth*'
        $deep | Add-ArtifactObject deep.json -Artifact $draft -Depth 16 -Force -WarningVariable warnings

        $warnings | Should -BeNullOrEmpty
    }

    It 'rejects a name with an unknown extension' {
        Assert-Error { $rows | Add-ArtifactObject rows.dat -Artifact $draft } UnknownObjectFormat InvalidArgument rows.dat '-As Json, JsonLines, Csv, CliXml or Text'

        $draft.FileCount | Should -Be 0
    }

    It 'rejects an invalid entry path' {
        Assert-Error { 1 | Add-ArtifactObject ../up.json -Artifact $draft } InvalidEntryPath InvalidArgument ../up.json ../up.json
    }

    It 'rejects values that JSON cannot represent' {
        Assert-Error { [pscustomobject]@{ n = [double]::NaN } | Add-ArtifactObject x.json -Artifact $draft } InvalidMetadata InvalidArgument x.json n

        $draft.FileCount | Should -Be 0
    }

    It 'rejects other content for the same name without -Force' {
        $rows | Add-ArtifactObject rows.json -Artifact $draft
        $rows | Add-ArtifactObject rows.json -Artifact $draft
        Assert-Error { 'other' | Add-ArtifactObject rows.json -Artifact $draft } ArtifactEntryConflict ResourceExists rows.json '-Force'
        'other' | Add-ArtifactObject rows.json -Artifact $draft -Force

        Get-Published $draft rows.json | Should -Be other
    }

    It 'adds nothing under -WhatIf' {
        $rows | Add-ArtifactObject rows.json -Artifact $draft -WhatIf

        $draft.FileCount | Should -Be 0
    }
}
