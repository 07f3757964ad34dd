using FsCheck;
using FsCheck.Fluent;
using Sailfish.Media.Flv;
using Sailfish.Tests.Protocol;

namespace Sailfish.Tests.Media.Flv;

public sealed class TimelineTests
{
    /// <summary>A frame by how far it stands from the one before it.</summary>
    private sealed record Move(TagKind Kind, int By, bool IsBegun);

    private static readonly Gen<TagKind> AnyKind = Gen.Elements(TagKind.Audio, TagKind.Video);

    private static readonly Gen<Move> AnyMove =
        from kind in AnyKind
        from step in Gen.Frequency((8, Gen.Choose(0, 60)), (2, Gen.Choose(-1_200, 0)), (1, Gen.Choose(4_900, 5_100)), (1, Gen.Choose(int.MinValue, int.MaxValue)))
        from begun in Gen.Frequency((20, Gen.Constant(false)), (1, Gen.Constant(true)))
        select new Move(kind, step, begun);

    [Fact]
    public void Times_of_a_track_never_go_back_and_newest_is_the_newest()
    {
        var cases = from start in Gen.Choose(int.MinValue, int.MaxValue)
                    from moves in Gen.ListOf(AnyMove)
                    select (Start: unchecked((uint)start), Moves: moves.ToArray());
        Properties.Hold(cases.ToArbitrary(), given =>
        {
            var timeline = new Timeline();
            var time = given.Start;
            foreach (var move in given.Moves)
            {
                if (move.IsBegun)
                    timeline.Begin();
                time = unchecked(time + (uint)move.By);
                var (last, newest) = (timeline.Last(move.Kind), timeline.Newest);
                var next = timeline.Next(move.Kind, time);
                Assert.InRange(next, last, newest + (uint)Timeline.MaxForward);
                Assert.Equal(Math.Max(newest, next), timeline.Newest);
                Assert.Equal(next, timeline.Last(move.Kind));
                Assert.Equal(timeline.Newest, timeline.Last(TagKind.Script));
            }
        }, count: 1_000);
    }

    [Fact]
    public void Both_tracks_have_one_offset_while_nothing_leaps()
    {
        var cases = from start in Gen.Choose(int.MinValue, int.MaxValue)
                    from steps in Gen.NonEmptyListOf(from kind in AnyKind from step in Gen.Choose(0, 40) select (Kind: kind, By: step))
                    from skew in Gen.Choose(0, 900)
                    select (Start: unchecked((uint)start), Steps: steps.ToArray(), Skew: (uint)skew);
        Properties.Hold(cases.ToArbitrary(), given =>
        {
            var timeline = new Timeline();
            // Somebody was there before, so that a track which stands behind has somewhere to stand.
            timeline.Next(TagKind.Video, 0);
            timeline.Next(TagKind.Video, 2_000);
            timeline.Begin();
            var offset = unchecked(timeline.Next(TagKind.Audio, given.Start) - given.Start);
            var time = given.Start;
            foreach (var step in given.Steps)
            {
                time = unchecked(time + (uint)step.By);
                // Pictures stand after the sound by as much all the time.
                var own = step.Kind == TagKind.Video ? unchecked(time + given.Skew) : time;
                Assert.Equal(unchecked(own + offset), timeline.Next(step.Kind, own));
            }
        }, count: 500);
    }

    [Theory]
    [InlineData(0u)]
    [InlineData(16_770_000u)]
    [InlineData(uint.MaxValue)]
    public void First_frame_of_all_is_at_0(uint start)
    {
        var timeline = new Timeline();
        Assert.Equal(0u, timeline.Next(TagKind.Video, start));
        Assert.Equal(40u, timeline.Next(TagKind.Video, unchecked(start + 40)));
    }

    [Fact]
    public void Publisher_who_comes_anew_goes_on_40_milliseconds_after_the_newest()
    {
        var timeline = new Timeline();
        timeline.Next(TagKind.Video, 0);
        timeline.Next(TagKind.Audio, 100);
        timeline.Begin();
        Assert.Equal(140u, timeline.Next(TagKind.Video, 100));
        Assert.Equal(150u, timeline.Next(TagKind.Audio, 110));
        timeline.Begin();
        Assert.Equal(190u, timeline.Next(TagKind.Audio, 0));
        Assert.Equal(195u, timeline.Next(TagKind.Video, 5));
    }

    [Theory]
    [InlineData(5_000, 5_000)]
    [InlineData(5_001, 40)]
    [InlineData(int.MaxValue, 40)]
    [InlineData(int.MinValue, 40)]
    public void Leap_of_more_than_five_seconds_is_a_new_offset(int by, uint expected)
    {
        var timeline = new Timeline();
        timeline.Next(TagKind.Video, 7);
        Assert.Equal(expected, timeline.Next(TagKind.Video, unchecked(7 + (uint)by)));
        // The other track has it, too.
        Assert.Equal(expected + 3, timeline.Next(TagKind.Audio, unchecked(7 + (uint)by + 3)));
    }

    [Fact]
    public void Steps_back_of_up_to_a_second_stand_still_and_longer_ones_are_a_new_offset()
    {
        var timeline = new Timeline();
        timeline.Next(TagKind.Video, 0);
        timeline.Next(TagKind.Video, 3_000);
        Assert.Equal(3_000u, timeline.Next(TagKind.Video, 2_000));
        Assert.Equal(3_000u, timeline.Next(TagKind.Video, 2_990));
        Assert.Equal(3_010u, timeline.Next(TagKind.Video, 3_010));
        Assert.Equal(3_050u, timeline.Next(TagKind.Video, 2_009));
        Assert.Equal(3_090u, timeline.Next(TagKind.Video, 2_049));
    }

    [Fact]
    public void Many_small_steps_back_are_not_stood_through_for_ever()
    {
        var timeline = new Timeline();
        timeline.Next(TagKind.Video, 10_000);
        Assert.Equal(0u, timeline.Next(TagKind.Video, 9_400));
        Assert.Equal(40u, timeline.Next(TagKind.Video, 8_800));
    }

    [Fact]
    public void Track_behind_the_other_at_the_beginning_stands_at_0_until_its_time_comes()
    {
        var timeline = new Timeline();
        timeline.Next(TagKind.Video, 500);
        Assert.Equal([0u, 0u, 1u], new uint[] { 0, 499, 501 }.Select(time => timeline.Next(TagKind.Audio, time)));
    }

    [Fact]
    public void Track_that_was_away_comes_back_without_a_new_offset()
    {
        var timeline = new Timeline();
        timeline.Next(TagKind.Audio, 0);
        for (var time = 0u; time <= 20_000; time += 40)
            Assert.Equal(time, timeline.Next(TagKind.Video, time));
        Assert.Equal(19_990u, timeline.Next(TagKind.Audio, 19_990));
    }

    [Fact]
    public void Leap_of_both_tracks_keeps_them_together()
    {
        var timeline = new Timeline();
        for (var time = 0u; time < 400; time += 40)
        {
            timeline.Next(TagKind.Video, time);
            timeline.Next(TagKind.Audio, time + 10);
        }

        // Pictures leap first, one frame of sound comes late, then both go on.
        var leapt = timeline.Next(TagKind.Video, 100_000);
        timeline.Next(TagKind.Audio, 410);
        var video = timeline.Next(TagKind.Video, 100_040);
        var audio = timeline.Next(TagKind.Audio, 100_050);
        Assert.Equal(10u, audio - video);
        Assert.InRange(audio, leapt, leapt + 200);
    }

    [Fact]
    public void Times_that_begin_again_at_0_go_on()
    {
        var timeline = new Timeline();
        timeline.Next(TagKind.Video, uint.MaxValue - 19);
        timeline.Next(TagKind.Audio, uint.MaxValue - 9);
        Assert.Equal(40u, timeline.Next(TagKind.Video, 20));
        Assert.Equal(50u, timeline.Next(TagKind.Audio, 30));
    }

    [Fact]
    public void Timeline_is_spent_before_signed_times_end()
    {
        var timeline = new Timeline();
        Assert.False(timeline.IsSpent);
        for (var time = 0u; !timeline.IsSpent; time += 5_000)
            Assert.Equal(time, timeline.Next(TagKind.Video, time));
        Assert.InRange(timeline.Newest, (uint)TimeSpan.FromDays(24).TotalMilliseconds, (uint)int.MaxValue);
    }

    [Fact]
    public void Scripts_have_no_time_of_their_own() => Assert.Throws<ArgumentOutOfRangeException>(() => new Timeline().Next(TagKind.Script, 0));
}
