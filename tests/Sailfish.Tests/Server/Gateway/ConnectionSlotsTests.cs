using Sailfish.Server.Gateway.Admission;

namespace Sailfish.Tests.Server.Gateway;

public sealed class ConnectionSlotsTests
{
    [Theory]
    [InlineData(1_000_000, null, 1_000_000, 250_000)]
    [InlineData(1_000_000, 20_000L, 19_488, 4872)]
    [InlineData(100, 20_000L, 100, 25)]
    [InlineData(1_000_000, 1024L, 512, 128)]
    [InlineData(3, 1024L, 3, 4)]
    public void There_are_as_many_as_the_setting_and_the_files_allow_and_of_HTTP_a_quarter(int setting, long? files, int gateway, int http)
    {
        var bounds = new ConnectionBounds(setting, files);
        Assert.Equal((gateway, http), (bounds.Gateway, bounds.Http));
    }

    [Fact]
    public void A_crowd_of_one_kind_leaves_the_other_kinds_places()
    {
        var slots = new ConnectionSlots(new ConnectionBounds(1_000_000, 1024));
        Assert.Equal(128, TakeAll(slots, SlotKind.Http));
        Assert.Equal(512 - 128, TakeAll(slots, SlotKind.Gateway));
        Assert.Equal(64, TakeAll(slots, SlotKind.Leaving));
    }

    [Fact]
    public void A_full_gateway_leaves_HTTP_some_of_the_reserve()
    {
        var slots = new ConnectionSlots(new ConnectionBounds(1_000_000, 1024));
        Assert.Equal(512, TakeAll(slots, SlotKind.Gateway));
        Assert.Equal(32, TakeAll(slots, SlotKind.Http));
        slots.Return(SlotKind.Gateway);
        Assert.False(slots.TryTake(SlotKind.Gateway));
        slots.Return(SlotKind.Http);
        for (var i = 0; i < 32; i++)
            slots.Return(SlotKind.Gateway);
        Assert.True(slots.TryTake(SlotKind.Gateway));
    }

    [Fact]
    public void Who_watches_leaves_places_to_those_who_talk()
    {
        var slots = new ConnectionSlots(new ConnectionBounds(80, 20_000));
        Assert.Equal(40, TakeAll(slots, SlotKind.Viewer));
        Assert.Equal(40, TakeAll(slots, SlotKind.Gateway));
        slots.Return(SlotKind.Viewer);
        // It is full for who watches while there is still a place for who talks.
        Assert.False(slots.TryTake(SlotKind.Viewer));
        Assert.True(slots.TryTake(SlotKind.Gateway));
        for (var i = 0; i < 11; i++)
            slots.Return(SlotKind.Gateway);
        Assert.True(slots.TryTake(SlotKind.Viewer));
        Assert.False(slots.TryTake(SlotKind.Viewer));
    }

    [Fact]
    public void A_place_changes_its_kind_only_when_there_is_one_of_the_other()
    {
        var slots = new ConnectionSlots(new ConnectionBounds(4, 1024));
        Assert.Equal(4, TakeAll(slots, SlotKind.Gateway));
        Assert.True(slots.TryTake(SlotKind.Http));
        Assert.False(slots.TryChange(SlotKind.Http, SlotKind.Gateway));
        slots.Return(SlotKind.Gateway);
        Assert.True(slots.TryChange(SlotKind.Http, SlotKind.Gateway));
        Assert.False(slots.TryTake(SlotKind.Gateway));
        Assert.Equal(4, TakeAll(slots, SlotKind.Http));
    }

    [Fact]
    public void A_connection_that_finds_no_place_is_told_so_and_one_that_finds_it_later_is_served()
    {
        var slots = new ConnectionSlots(new ConnectionBounds(4, 1024));
        using var limiter = new ConnectionLimiter(Microsoft.Extensions.Options.Options.Create(new Sailfish.Server.Sessions.LimitsOptions()));
        Assert.True(slots.TryTake(SlotKind.Gateway));
        using var slot = new ConnectionSlot(slots, limiter, SlotKind.Gateway, null);
        Assert.Equal(4, TakeAll(slots, SlotKind.Http));
        Assert.True(slot.TryBecome(SlotKind.Http));
        Assert.Equal((SlotKind.Leaving, Refusal.ServerFull), (slot.Kind, slot.Refusal));
        slots.Return(SlotKind.Http);
        Assert.True(slot.TryBecome(SlotKind.Http));
        Assert.Equal((SlotKind.Http, Refusal.None), (slot.Kind, slot.Refusal));
    }

    private static int TakeAll(ConnectionSlots slots, SlotKind kind)
    {
        var count = 0;
        while (slots.TryTake(kind))
            count++;
        return count;
    }
}
