BeforeAll { . $PSScriptRoot/TestSetup.ps1 }
AfterAll { Restore-Environment }

Describe 'Publish-Artifact' {
    BeforeAll {
        $one = New-TestFile 'one [1].txt' 'one'
        $two = New-TestFile 'two.txt' 'two'
    }

    It 'publishes v0, v1, …' {
        $first = New-Artifact counted dataset | Add-ArtifactFile -LiteralPath $one | Publish-Artifact
        $second = New-Artifact counted dataset | Add-ArtifactFile $two | Publish-Artifact

        $first.Reference, $second.Reference | Should -Be 'counted:v0', 'counted:v1'
        $second.VersionNumber | Should -Be 1
        $second.Aliases | Should -Be latest
        $second.Deduplicated | Should -BeFalse
        $second.FileCount | Should -Be 1
        $second.Size | Should -Be 3
        $second.Store | Should -Be $env:ARTIFACTS_STORE
        $second.CreatedBy | Should -BeLike '*@*'
        $second.CreatedAt | Should -BeGreaterThan ([DateTime]::Now.AddMinutes(-5))
        (Get-Artifact counted:v0).Aliases | Should -BeNullOrEmpty
    }

    It 'returns the existing version for equal content, and moves latest and the aliases to it' {
        $first = New-Artifact same dataset | Add-ArtifactFile $two | Publish-Artifact
        $null = New-Artifact same dataset | Add-ArtifactFile -LiteralPath $one | Publish-Artifact -Alias prod
        $again = New-Artifact same dataset | Add-ArtifactFile $two | Publish-Artifact -Alias prod

        $again.Reference | Should -Be 'same:v0'
        $again.Deduplicated | Should -BeTrue
        $again.Digest | Should -Be $first.Digest
        $again.Aliases | Should -Be latest, prod
        (Get-Artifact same:v1).Aliases | Should -BeNullOrEmpty
    }

    It 'warns when metadata was given and not saved' {
        $null = New-Artifact warned dataset | Add-ArtifactFile $two | Publish-Artifact
        $null = New-Artifact warned dataset -Metadata @{ a = 1 } | Add-ArtifactFile $two |
            Publish-Artifact -WarningVariable warnings -WarningAction SilentlyContinue

        $warnings | Should -BeLike '*Set-Artifact*'
        (Get-Artifact warned).Metadata.Count | Should -Be 0
    }

    It 'gives the version the aliases, and the tags of the draft and its own' {
        $version = New-Artifact labelled dataset -Tag raw | Publish-Artifact -Alias prod, 'release 日本' -Tag checked

        $version.Aliases | Should -Be latest, prod, 'release 日本'
        $version.Tags | Sort-Object | Should -Be checked, raw
        (Get-Artifact labelled:prod).Version | Should -Be v0
    }

    It 'takes metadata that was set on the draft' {
        $draft = New-Artifact noted dataset
        $draft.Metadata.note = 'late'
        $draft.Description = 'later'

        (Publish-Artifact $draft).Metadata.note | Should -Be late
        (Get-Artifact noted).Description | Should -Be later
    }

    It 'publishes an artifact without entries' {
        (New-Artifact empty dataset | Publish-Artifact).FileCount | Should -Be 0
    }

    It 'refuses another type than the artifact has' {
        $null = New-Artifact typed dataset | Publish-Artifact
        { New-Artifact typed model | Add-ArtifactFile $two | Publish-Artifact -ErrorAction Stop } |
            Should -Throw -ErrorId 'ArtifactTypeMismatch,*'

        @(Get-Artifact typed -AllVersions).Count | Should -Be 1
    }

    It "refuses the alias '<_>' before anything is written" -ForEach 'v3', 'a/b', 'a:b', 'a@b', ' a' {
        { New-Artifact aliased dataset | Publish-Artifact -Alias $_ -ErrorAction Stop } |
            Should -Throw -ErrorId 'InvalidArtifactAlias,*'

        Get-Artifact aliased* | Should -BeNullOrEmpty
    }

    It 'spends the draft' {
        $draft = New-Artifact spent dataset
        $null = Publish-Artifact $draft

        { Publish-Artifact $draft -ErrorAction Stop } | Should -Throw -ErrorId 'ArtifactSpent,*'
    }

    It 'publishes each draft that comes down the pipeline' {
        $drafts = 'first', 'second' | ForEach-Object { New-Artifact $_ dataset }

        ($drafts | Publish-Artifact).Reference | Should -Be 'first:v0', 'second:v0'
    }

    It 'publishes the others after an error' {
        $spent = New-Artifact gone dataset
        $null = Publish-Artifact $spent
        $versions = $spent, (New-Artifact going-on dataset) |
            Publish-Artifact -ErrorVariable problems -ErrorAction SilentlyContinue

        $versions.Name | Should -Be going-on
        $problems[0].TargetObject | Should -Be $spent
    }

    It 'writes nothing under -WhatIf, and spends nothing' {
        $draft = New-Artifact whatif dataset | Add-ArtifactFile $two
        Publish-Artifact $draft -WhatIf | Should -BeNullOrEmpty
        Get-Artifact whatif* | Should -BeNullOrEmpty

        (Publish-Artifact $draft).Version | Should -Be v0
    }
}
