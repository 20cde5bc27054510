BeforeAll { . $PSScriptRoot/TestSetup.ps1 }
AfterAll { Restore-Environment }

Describe 'Rename-Artifact' {
    BeforeEach {
        $old, $new = 1..2 | ForEach-Object { 'n' + [IO.Path]::GetRandomFileName().Replace('.', '-') }
        $version = New-TestVersion $old @{ 'a.txt' = 'a' } -Publish @{ Alias = 'prod' }
    }

    It 'renames, without output' {
        Rename-Artifact $old $new | Should -BeNullOrEmpty

        foreach ($reference in $old, "${new}:v0", "${old}:prod", "$old@$($version.Digest)") {
            (Get-Artifact $reference).Reference | Should -Be "${new}:v0"
        }
        Get-ArtifactContent "${old}:prod" a.txt | Should -Be a
        (Get-Artifact).Name | Should -Contain $new
        (Get-Artifact).Name | Should -Not -Contain $old
        Get-Artifact "$old*" | Should -BeNullOrEmpty
        (Get-Artifact "${old}:v*").Reference | Should -Be "${new}:v0"
        @(Get-Artifact "$new*").Count | Should -Be 1
    }

    It 'is shown as the source of links' {
        $link = Add-ArtifactLink $version "$old-links"
        Rename-Artifact $old $new
        ($link | Get-Artifact).Source, (Get-Item $link.PSPath).Source | Should -Be "${new}:v0", "${new}:v0"
    }

    It 'outputs the latest version with -PassThru' {
        $renamed = $version | Rename-Artifact -NewName $new -PassThru

        $renamed.Reference | Should -Be "${new}:v0"
        $renamed.Digest | Should -Be $version.Digest
    }

    It 'lets former names publish, edit and remove' {
        Rename-Artifact $old $new
        (New-TestVersion $old @{ 'a.txt' = 'b' }).Reference | Should -Be "${new}:v1"
        Set-ArtifactAlias "${old}:v1" prod
        Set-Artifact "${old}:v1" -AddTag checked -PassThru | ForEach-Object Tags | Should -Be checked
        (New-Artifact $old | Publish-Artifact -AllowEmpty).Reference | Should -Be "${new}:v2"
        Remove-Artifact "${old}:v2" -Confirm:$false
        (Restore-Artifact "${old}:v2").Reference | Should -Be "${new}:v2"

        (Get-Artifact "${new}:prod").Version | Should -Be v1
        Test-ArtifactStore | Should -BeNullOrEmpty
    }

    It 'keeps version objects from before, also deserialized ones' {
        $file = Join-Path $TestDrive "$new.xml"
        $version | Export-Clixml $file
        Rename-Artifact $old $new
        $null = New-TestVersion $new @{ 'a.txt' = 'b' }

        ($version | Get-Artifact).Reference | Should -Be "${new}:v0"
        (Import-Clixml $file | Get-Artifact).Reference | Should -Be "${new}:v0"
        Import-Clixml $file | Get-ArtifactContent -Path a.txt | Should -Be a
    }

    It 'is part of the history' {
        Rename-Artifact $old $new
        Rename-Artifact $new $old

        $history = Get-ArtifactHistory $new
        $history.Actions | Select-Object -Last 2 | Should -Be "renamed to $new", "renamed to $old"
        (Get-ArtifactHistory $old).Number | Should -Be $history.Number
    }

    It 'changes nothing with -WhatIf, and checks the name' {
        Rename-Artifact $old $new -WhatIf
        { Get-Artifact $new -ErrorAction Stop } | Should -Throw -ErrorId 'ArtifactNotFound,*'
        $null = New-TestVersion $new @{ 'a.txt' = 'a' }

        Assert-Error { Rename-Artifact $old $new -WhatIf } ArtifactNameInUse ResourceExists $old $new
    }

    It 'rejects the name of another artifact' {
        $null = New-TestVersion $new @{ 'a.txt' = 'a' }

        Assert-Error { Rename-Artifact $old $new } ArtifactNameInUse ResourceExists $old $new
        Assert-Error { Rename-Artifact $old 'not valid' } InvalidArtifactName InvalidArgument $old 'not valid'
        Assert-Error { Rename-Artifact none-such other } ArtifactNotFound ObjectNotFound none-such 'none-such'
    }

    It 'is no way around a rule for an alias' {
        Protect-ArtifactAlias prod -Name $new -RequireTag reviewed
        Assert-Error { Rename-Artifact $old $new } AliasProtected PermissionDenied $old 'reviewed'
        Set-Artifact $old -AddTag reviewed
        Rename-Artifact $old $new
        $second = New-TestVersion $new @{ 'a.txt' = 'b' }
        Rename-Artifact $new $old

        Assert-Error { Set-ArtifactAlias $second prod } AliasProtected PermissionDenied $second 'reviewed'
        (Get-ArtifactAliasRule -Name $old).Name | Should -Be $new
    }

    It 'joins links of runs in the lineage' {
        $null = Invoke-ArtifactRun -Name before { Use-Artifact $old; New-TestVersion "$old-made" @{ 'b.txt' = 'b' } }
        Rename-Artifact $old $new
        $null = Invoke-ArtifactRun -Name after { Use-Artifact $new; New-TestVersion "$old-made" @{ 'b.txt' = 'c' } }

        $nodes = Get-ArtifactLineage $old -Direction Downstream
        $nodes.Name | Should -Contain before
        $nodes.Name | Should -Contain after
        @($nodes | Where-Object Name -Like '*:v0' | Where-Object Name -NotLike '*-made:*').Name | Should -Be "${new}:v0"
    }

    It 'keeps paths of drives' {
        $null = New-PSDrive renamed Artifact $env:ARTIFACTS_STORE
        Rename-Artifact $old $new

        Get-Content "renamed:/$old/prod/a.txt" | Should -Be a
        (Get-ChildItem renamed:/).Name | Should -Contain $new
        (Get-ChildItem renamed:/).Name | Should -Not -Contain $old
        Remove-PSDrive renamed
    }
}

Describe 'An artifact as a whole' {
    BeforeEach {
        $name = 'whole-' + [IO.Path]::GetRandomFileName().Replace('.', '-')
        $null = 'a', 'b' | ForEach-Object { New-TestVersion $name @{ 'a.txt' = $_ } }
    }

    It 'has a description and tags' {
        Set-Artifact $name -ArtifactDescription 'größe 日本' -AddArtifactTag vision, Small | Should -BeNullOrEmpty
        $versions = Get-Artifact $name -AllVersions

        $versions.ArtifactDescription | Should -Be 'größe 日本', 'größe 日本'
        $versions[0].ArtifactTags | Should -Be vision, Small
        $versions[0].Description | Should -BeNullOrEmpty
        $versions[0].Tags | Should -BeNullOrEmpty
        (Get-ArtifactHistory $name).Actions | Select-Object -Last 1 | Should -Be 'edited the artifact: description, +vision, +Small'
        (Get-Artifact -ArtifactTag VISION).Name | Should -Contain $name
        (Get-Artifact "$name*" -ArtifactTag sm*).Version | Should -Be v1
        Get-Artifact "$name*" -ArtifactTag other | Should -BeNullOrEmpty
    }

    It 'loses them again' {
        Set-Artifact $name -ArtifactDescription text -AddArtifactTag a, b
        Set-Artifact "${name}:v0" -ArtifactDescription '' -RemoveArtifactTag A, none

        (Get-Artifact $name).ArtifactDescription | Should -BeNullOrEmpty
        (Get-Artifact $name).ArtifactTags | Should -Be b
    }

    It 'changes once for all versions, and with a version' {
        $before = @(Get-ArtifactHistory $name).Count
        $changed = Get-Artifact $name -AllVersions | Set-Artifact -AddArtifactTag x -PassThru
        $changed.Version | Should -Be v0, v1
        $changed.ArtifactTags | Should -Be x, x
        @(Get-ArtifactHistory $name).Count | Should -Be ($before + 1)

        $both = Set-Artifact "${name}:v0" -AddTag y -AddArtifactTag z -PassThru
        $both.Tags | Should -Be y
        $both.ArtifactTags | Should -Be x, z
    }

    It 'is not changed with -WhatIf' {
        Set-Artifact $name -ArtifactDescription text -AddArtifactTag x -WhatIf

        (Get-Artifact $name).ArtifactDescription | Should -BeNullOrEmpty
        (Get-Artifact $name).ArtifactTags | Should -BeNullOrEmpty
    }

    It 'survives serialization' {
        Set-Artifact $name -ArtifactDescription text -AddArtifactTag x, y
        $file = Join-Path $TestDrive "$name.xml"
        Get-Artifact $name | Export-Clixml $file

        (Import-Clixml $file).ArtifactDescription | Should -Be text
        (Import-Clixml $file).ArtifactTags | Should -Be x, y
    }
}
