using Sailfish.Server.Conversations;
using Sailfish.Server.Rooms;
using Sailfish.Server.Sessions;

namespace Sailfish.Tests.Server.Delivery;

/// <summary>
/// Messages of three nodes come in any order, twice, or not at all; the log is read late, or does not answer; the retention takes
/// some; repairs begin anywhere. Whatever happens, nobody is given a message twice or out of its order, and what somebody is not
/// given he was told of, or it is gone.
/// </summary>
public sealed class SequencerModelTests
{
    [Fact]
    public async Task Nothing_is_given_twice_or_out_of_order_or_lost_without_a_word()
    {
        for (var seed = 1; seed <= 400; seed++)
            await new Run(seed).PlayAsync();
    }

    private sealed class Run
    {
        private static readonly RoomKey Room = new(1, 7);

        /// <summary>One of which all is known from its first message on, one that others have spoken in before, and a room.</summary>
        private static readonly ConversationKey[] Conversations =
            [ConversationKey.Direct(1, 10001, 10002), ConversationKey.Direct(1, 10002, 10003), Room.Conversation];

        private readonly int _seed;
        private readonly Random _random;
        private readonly FeedParts _node;
        private readonly Session _sender;
        private readonly RoomMember _member;
        private readonly List<Receiver> _receivers = [];

        /// <summary>On their way: from this node's log, and from two others.</summary>
        private readonly Queue<OnItsWay>[] _links = [new(), new(), new()];

        /// <summary>Whether the log may give no answer in this run.</summary>
        private readonly bool _logFails;
        private long _now = 1_000_000;

        public Run(int seed)
        {
            (_seed, _random, _logFails) = (seed, new Random(seed), seed % 3 == 0);
            _node = new FeedParts(patience: _logFails ? TimeSpan.FromMilliseconds(2) : null);
            for (var i = 0; i < 5; i++)
                _node.History.Append(Conversations[1], sender: 10003, time: 0);
            _sender = _node.LogIn(10001);
            var others = new[] { _node.LogIn(10001), _node.LogIn(10002), _node.LogIn(10003) };
            _member = _node.Join(Room, 10004);
            _node.Begin(Room);
            Expect(Conversations[0], others[0], others[1]);
            Expect(Conversations[1], others[1], others[2]);
            Expect(Conversations[2], _member.Session);
            _node.Take(_node.History.Append(Conversations[0], time: _now));
        }

        public async Task PlayAsync()
        {
            for (var step = 0; step < 300; step++)
            {
                await StepAsync();
                Read();
            }

            await EndAsync();
            Read();
            foreach (var receiver in _receivers)
                receiver.Check(_node.History, _seed);
            Assert.True(_logFails || !_receivers.Any(r => r.Conversation != Conversations[1] && r.WasBehind), $"seed {_seed}: behind, though the log was there");
            Assert.Equal(100, _member.Room.InFlight.CurrentCount);
        }

        private void Expect(ConversationKey conversation, params Session[] sessions) =>
            _receivers.AddRange(sessions.Select(s => new Receiver(s, conversation, _node.History.NewestSeq(conversation))));

        private Task StepAsync()
        {
            switch (_random.Next(100))
            {
                case < 40: Append(); break;
                case < 75: Deliver(_links[_random.Next(3)]); break;
                case < 88: Pass(10); break;
                case < 89: Pass(3000); break;
                case < 97: return AnswerAsync(fails: _logFails && _random.Next(5) == 0);
                case < 99: Repair(); break;
                default: Disturb(); break;
            }

            FeedParts.WaitFor(_member.Room);
            return Task.CompletedTask;
        }

        private void Append()
        {
            var link = _random.Next(3);
            var conversation = Conversations[_random.Next(3)];
            var message = _node.History.Append(conversation, sender: conversation.IsRoom ? 10009 : conversation.Low, time: _now);
            // What another node tells may be lost on the way.
            if (link > 0 && _random.Next(8) == 0)
                return;
            var room = link == 0 && conversation.IsRoom && _member.Room.InFlight.Wait(0) ? _member.Room : null;
            var origin = link == 0 && conversation == Conversations[0] ? _sender : null;
            _links[link].Enqueue(new OnItsWay(message, origin, new RoomPlace(room)));
        }

        private void Deliver(Queue<OnItsWay> link)
        {
            if (!link.TryDequeue(out var next))
                return;
            _node.Take(next.Message, next.Origin, next.Place);
            if (_random.Next(10) == 0)
                link.Enqueue(next with { Place = default });
        }

        private void Pass(int milliseconds)
        {
            _now += milliseconds;
            _node.Pass(milliseconds);
        }

        private async Task AnswerAsync(bool fails)
        {
            if (fails && _node.Sequencer.Wanted.TryPeek(out _))
            {
                _node.FailToAnswer();
                return;
            }

            var wasAway = _node.History.IsAway;
            _node.History.IsAway = false;
            await _node.AnswerAsync();
            _node.History.IsAway = wasAway;
        }

        /// <summary>As a repair does: the newest of each conversation, from somewhere on.</summary>
        private void Repair(int? count = null)
        {
            foreach (var conversation in Conversations[..2])
            {
                foreach (var message in _node.History.All(conversation).TakeLast(count ?? _random.Next(30)))
                    _node.Take(message);
            }

            _node.Do(flushes => _node.Sequencer.Expect(Room, _node.History.NewestSeq(Room.Conversation), flushes));
        }

        private void Disturb()
        {
            if (_logFails)
                _node.History.IsAway = !_node.History.IsAway;
            var conversation = Conversations[_random.Next(3)];
            if (_random.Next(4) == 0)
                _node.History.TakeUpTo(conversation, Math.Max(0, _node.History.NewestSeq(conversation) - _random.Next(20)));
        }

        private async Task EndAsync()
        {
            _node.History.IsAway = false;
            foreach (var link in _links)
            {
                while (link.Count > 0)
                    Deliver(link);
            }

            Repair(count: int.MaxValue);
            do
            {
                Pass(50);
                while (await _node.AnswerAsync())
                    Read();
                FeedParts.WaitFor(_member.Room);
            }
            while (_node.RoomSequencer.IsWaiting || _node.DirectSequencer.IsWaiting);
        }

        private void Read()
        {
            foreach (var session in _receivers.Select(r => r.Session).Distinct())
            {
                foreach (var (name, seq) in FeedParts.GivenOf(session))
                {
                    var receiver = _receivers.Single(r => r.Session == session && r.Conversation.Name == name);
                    receiver.Note(seq, _node.History.NewestSeq(receiver.Conversation), _seed);
                }
            }
        }
    }

    private sealed record OnItsWay(StoredMessage Message, Session? Origin, RoomPlace Place);

    /// <summary>What one session was given of a conversation, of which it is owed all from its newest seq on.</summary>
    private sealed class Receiver(Session session, ConversationKey conversation, long newest)
    {
        private readonly HashSet<long> _given = [];
        private long _last;

        /// <summary>Up to this seq the log was there when it was told that it is behind: SYNC brings all of it.</summary>
        private long _told;

        public Session Session => session;

        public ConversationKey Conversation => conversation;

        public bool WasBehind => _told > 0;

        public void Note(long seq, long newestSeq, int seed)
        {
            if (seq == FeedParts.Behind)
            {
                _told = newestSeq;
                return;
            }

            Assert.True(seq > _last, $"seed {seed}: {conversation.Name} {seq} came after {_last}");
            _last = seq;
            _given.Add(seq);
        }

        public void Check(FakeHistory history, int seed)
        {
            for (var seq = Math.Max(newest, _told) + 1; seq <= history.NewestSeq(conversation); seq++)
                Assert.True(_given.Contains(seq) || seq <= history.TakenUpTo(conversation), $"seed {seed}: {conversation.Name} {seq} did not come to {session.UserId}");
        }
    }
}
