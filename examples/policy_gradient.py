"""Policy gradients (Williams 1992, REINFORCE): a network learns to balance a pole on a cart.

With PyTorch, and without it:

    python examples/policy_gradient.py
    python -m autograd examples/policy_gradient.py
"""

import argparse
import math
import random

import torch
import torch.nn as nn
import torch.nn.functional as F
import torch.optim as optim
from torch.distributions import Categorical
from tqdm import tqdm


class CartPole:
    """A pole stands on a cart that is pushed left or right (Barto, Sutton & Anderson 1983).

    A step without a fall is worth 1; an episode ends with a fall, or after 200 steps.
    """

    gravity, cart, pole, length, force, tau = 9.8, 1.0, 0.1, 0.5, 10.0, 0.02

    def reset(self):
        self.state = [random.uniform(-0.05, 0.05) for _ in range(4)]
        self.count = 0
        return list(self.state)

    def step(self, action):
        x, speed, angle, turn = self.state
        force = self.force if action == 1 else -self.force
        cos, sin, total = math.cos(angle), math.sin(angle), self.cart + self.pole
        pull = (force + self.pole * self.length * turn**2 * sin) / total
        bend = self.gravity * sin - cos * pull
        bend /= self.length * (4 / 3 - self.pole * cos**2 / total)
        push = pull - self.pole * self.length * bend * cos / total
        self.state = [
            x + self.tau * speed,
            speed + self.tau * push,
            angle + self.tau * turn,
            turn + self.tau * bend,
        ]
        self.count += 1
        fell = abs(self.state[0]) > 2.4 or abs(self.state[2]) > math.radians(12)
        return list(self.state), 1.0, fell or self.count == 200


class Policy(nn.Module):
    def __init__(self):
        super().__init__()
        self.affine1 = nn.Linear(4, 64)
        self.affine2 = nn.Linear(64, 2)

    def forward(self, x):
        return F.softmax(self.affine2(F.relu(self.affine1(x))), dim=-1)


def play(env, policy):
    """One episode: the logarithms of the actions' probabilities, and the rewards."""
    log_probs, rewards = [], []
    state, done = env.reset(), False
    while not done:
        m = Categorical(policy(torch.tensor(state)))
        action = m.sample()
        log_probs.append(m.log_prob(action))
        state, reward, done = env.step(action.item())
        rewards.append(reward)
    return log_probs, rewards


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--steps", type=int, default=120, help="episodes to play")
    parser.add_argument("--gamma", type=float, default=0.99, help="discount factor")
    args = parser.parse_args()

    random.seed(0)
    torch.manual_seed(0)
    env, policy = CartPole(), Policy()
    optimizer = optim.Adam(policy.parameters(), lr=3e-2)
    running = 10.0
    for step in tqdm(range(1, args.steps + 1), unit="episode"):
        log_probs, rewards = play(env, policy)

        returns, R = [], 0.0
        for r in reversed(rewards):
            R = r + args.gamma * R
            returns.insert(0, R)
        returns = torch.tensor(returns)
        returns = (returns - returns.mean()) / (returns.std() + 1e-6)

        policy_loss = torch.stack([-p * R for p, R in zip(log_probs, returns)]).sum()
        optimizer.zero_grad()
        policy_loss.backward()
        optimizer.step()

        running = 0.9 * running + 0.1 * sum(rewards)
        if step % 10 == 0:
            tqdm.write(f"step {step}: loss {policy_loss.item():.4f}, balanced for {running:.1f}")


if __name__ == "__main__":
    main()
